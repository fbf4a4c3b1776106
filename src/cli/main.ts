import { Command, CommanderError, Option } from "commander";
import { exitStatus, MusterError, messageOf } from "../core/errors.ts";
import { openProject } from "../run/project.ts";

/** The command line: words to one command each, loaded when asked for; and the only place that ends the process. */

const program = new Command("muster")
  .description("Restore drills for whole applications: every record counted after a restore.")
  .exitOverride();
const installEngine = new Option("--install-engine", "install and start a container engine if none answers");
const project = () => openProject(process.env["MUSTER_PROJECT"] ?? process.cwd());
const anotherToo = (value: string, before: string[]) => [...before, value];
const set = new Option(
  "--set <setting=value>",
  "a setting of the system, in place of the drill's; may be given again",
)
  .argParser(anotherToo)
  .default([]);
const storage = new Option("--storage <where>", "where files live: short for --set storage=<where>");
let status: number = exitStatus.verified;

program
  .command("run [drills...]")
  .description("run drills: seed, back up, destroy, restore, count")
  .option("--all", "every drill of the project")
  .option("--runbook <file>", "a procedure of your own, in place of the drill's")
  .option("--seed <number>", "another set of records")
  .addOption(new Option("--scale <scale>", "how many records").choices(["small", "medium", "large"]))
  .option("--controls <which>", "none, default, all, orders, or fault ids separated by commas", "default")
  .option(
    "--hook <hook>",
    "after:<step>=<command>: your own sabotage or measurement; may be given again",
    anotherToo,
    [],
  )
  .addOption(set)
  .addOption(storage)
  .option("--keep", "leave the stack up for inspection")
  .option("--report <folder>", "where run folders are made", "reports")
  .option("--json", "print the report as one JSON object and nothing else")
  .option("--quiet", "no progress")
  .addOption(installEngine)
  .action(async (drills: string[], options) => {
    status = await (await import("./run.ts")).runCommand(project(), drills, options);
  });

program
  .command("check <run>")
  .description("recompute the verdict of a run from its files; needs no engine")
  .option("--json", "print the report as one JSON object and nothing else")
  .action(async (run: string, options) => {
    status = await (await import("./check.ts")).checkCommand(run, options);
  });

program
  .command("compare <first> <second>")
  .description("what two runs of one seed restored, side by side; needs no engine")
  .option("--json", "print the answer as one JSON object and nothing else")
  .action(async (first: string, second: string, options) => {
    status = await (await import("./compare.ts")).compareCommand(first, second, options);
  });

program
  .command("report [run]")
  .description("make the reports of a run again and say where they are")
  .option("--open", "open the HTML report")
  .option("--pdf <file>", "print the page to PDF as well; needs the engine")
  .option("--index", "a page over all runs instead")
  .option("--report <folder>", "where run folders are, for --index", "reports")
  .action(async (run: string | undefined, options) => {
    status = await (await import("./report.ts")).reportCommand(run, options);
  });

program
  .command("plan <drill>")
  .description("the steps of a drill, in order, without doing any")
  .option("--runbook <file>", "a procedure of your own, in place of the drill's")
  .addOption(set)
  .addOption(storage)
  .option("--controls <which>", "none, default, all, orders, or fault ids separated by commas", "default")
  .option("--json", "print the plan as one JSON object and nothing else")
  .action(async (drill: string, options) => {
    status = await (await import("./plan.ts")).planCommand(project(), drill, options);
  });

program
  .command("list")
  .description("systems, drills, runbooks, invariants, faults")
  .action(async () => {
    status = await (await import("./list.ts")).listCommand(project());
  });

program
  .command("lint-set <system> <paths...>")
  .description("which backup sets of a listing could be restored, and why not the others; needs no engine")
  .option("--json", "print the answer as one JSON object and nothing else")
  .action(async (system: string, paths: string[], options) => {
    status = await (await import("./lint-set.ts")).lintSetCommand(project(), system, paths, options);
  });

program
  .command("setup")
  .description("packages, engine, images: everything that a first run needs")
  .addOption(installEngine)
  .action(async (options) => {
    status = await (await import("./setup.ts")).setupCommand(project(), options);
  });

program
  .command("doctor")
  .description("what is here, what is missing, what to type")
  .action(async () => {
    status = await (await import("./doctor.ts")).doctorCommand();
  });

program
  .command("clean")
  .description("remove everything that killed or kept runs left, by label")
  .action(async () => {
    status = await (await import("./clean.ts")).cleanCommand(project());
  });

program
  .command("test")
  .description("format, lint, types, unused code, unit tests, and the real drills")
  .addOption(installEngine)
  .action(async (options) => {
    status = await (await import("./test.ts")).testCommand(options);
  });

try {
  await program.parseAsync();
} catch (thrown) {
  status = tell(thrown);
}
process.exitCode = status;

/** One clear message for what was foreseen; the stack for what was not. */
function tell(thrown: unknown): number {
  if (thrown instanceof CommanderError)
    return thrown.exitCode === 0 ? exitStatus.verified : exitStatus.badInput;
  if (thrown instanceof MusterError) {
    process.stderr.write(
      `muster: ${thrown.message}\n${thrown.hint === undefined ? "" : `  hint: ${thrown.hint}\n`}`,
    );
    return thrown.exitStatus;
  }
  process.stderr.write(
    `muster: this should not have happened: ${messageOf(thrown)}\n${thrown instanceof Error ? (thrown.stack ?? "") : ""}\n`,
  );
  return exitStatus.inconclusive;
}
