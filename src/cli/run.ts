import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { exitStatus, MusterError } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import { executePlan, type RunOutcome } from "../run/execute.ts";
import type { Project } from "../run/project.ts";
import { renderJson } from "../report/json.ts";
import { renderText } from "../report/text.ts";
import { writeReports } from "../report/write.ts";
import { prepareStackParts } from "./engine-parts.ts";
import { musterVersion, prepareDrill, type PlanOptions, type PreparedDrill } from "./prepare.ts";
import { makeProgress } from "./progress.ts";

export interface RunOptions extends PlanOptions {
  readonly all?: boolean;
  readonly keep?: boolean;
  readonly report: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly installEngine?: boolean;
}

/** Runs drills one after another. The worst of their statuses is the command's. */
export async function runCommand(
  project: Project,
  drillIds: readonly string[],
  options: RunOptions,
): Promise<number> {
  const ids = options.all === true ? await project.drillIds() : drillIds;
  if (ids.length === 0) {
    throw new MusterError("BAD_ARGUMENT", {
      message: "no drill was named",
      hint: `one of: ${(await project.drillIds()).join(", ")}`,
    });
  }
  // Every drill is planned before the first is run: bad input stops everything before anything is started.
  const prepared: PreparedDrill[] = [];
  for (const id of ids) prepared.push(await prepareDrill(project, id, options));
  const interruption = listenForInterruption();
  const statuses: number[] = [];
  for (const drill of prepared) {
    if (interruption.signal.aborted) break;
    statuses.push(await runOne(project, drill, options, interruption.signal));
  }
  return interruption.signal.aborted ? exitStatus.interrupted : worstOf(statuses);
}

async function runOne(
  project: Project,
  drill: PreparedDrill,
  options: RunOptions,
  signal: AbortSignal,
): Promise<number> {
  const progress = makeProgress({ quiet: options.quiet === true, title: drill.plan.drillId });
  const images = await prepareStackParts(drill.system, {
    projectFolder: project.folder,
    installEngine: options.installEngine === true,
    log: (line) => progress.line(line),
  });
  const outcome = await executePlan({
    project,
    ...drill,
    images,
    reportsFolder: resolve(options.report),
    musterVersion: await musterVersion(),
    progress,
    signal,
    keep: options.keep === true,
  });
  return await tellOutcome(outcome, options);
}

async function tellOutcome(outcome: RunOutcome, options: RunOptions): Promise<number> {
  const shown = relative(process.cwd(), outcome.runFolder);
  for (const problem of existsSync(outcome.runFolder)
    ? await writeReports(outcome.report, outcome.runFolder)
    : [])
    process.stderr.write(`muster: ${problem}\n`);
  if (options.json === true) process.stdout.write(renderJson(outcome.report));
  else process.stdout.write(renderText(outcome.report, { color: process.stdout.isTTY, runFolder: shown }));
  if (outcome.kept !== undefined)
    process.stderr.write(
      `\nkept as asked:\n${Object.entries(outcome.kept)
        .map(([name, value]) => `  ${name}=${value}`)
        .join("\n")}\n  remove it with: ./muster clean\n`,
    );
  if (outcome.interrupted) return exitStatus.interrupted;
  if (outcome.cleanUpError !== undefined) {
    process.stderr.write(`muster: clean-up failed: ${outcome.cleanUpError}\n  hint: ./muster clean\n`);
    return exitStatus.cleanUpFailed;
  }
  return statusOf(outcome.report);
}

/** Exit status of a report's result. */
export function statusOf(report: Pick<Report, "result">): number {
  if (report.result === "verified") return exitStatus.verified;
  return report.result === "not-verified" ? exitStatus.notVerified : exitStatus.inconclusive;
}

function worstOf(statuses: readonly number[]): number {
  const order = [exitStatus.notVerified, exitStatus.cleanUpFailed, exitStatus.inconclusive];
  return order.find((status) => statuses.includes(status)) ?? exitStatus.verified;
}

/** The first Ctrl-C ends the run with its clean-up; a second one is left to the terminal. */
function listenForInterruption(): AbortController {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      process.stderr.write("\nmuster: interrupted, cleaning up\n");
      controller.abort(new MusterError("INTERRUPTED", { message: "the run was interrupted" }));
    });
  }
  return controller;
}
