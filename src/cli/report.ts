import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { exitStatus, MusterError } from "../core/errors.ts";
import { writeReports } from "../report/write.ts";
import { concludeRun } from "../run/conclude.ts";
import { packageFolder } from "../run/project.ts";
import { printPage } from "../stack/print-page.ts";
import { writeIndex } from "./report-index.ts";

export interface ReportOptions {
  readonly open?: boolean;
  /** Where a PDF of the page goes. */
  readonly pdf?: string;
  readonly index?: boolean;
  /** Folder of all runs, for the index. */
  readonly report: string;
}

/** Makes the reports of a run again from its evidence, or the page over all runs. */
export async function reportCommand(run: string | undefined, options: ReportOptions): Promise<number> {
  const { page, problems } = options.index === true ? await indexPage(run, options) : await runPage(run);
  for (const problem of problems) process.stderr.write(`muster: ${problem}\n`);
  process.stdout.write(`${page}\n`);
  if (options.pdf !== undefined) {
    const log = (line: string) => process.stderr.write(`${line}\n`);
    const pdf = await printPage(await readFile(page, "utf8"), { projectFolder: packageFolder, log });
    await writeFile(options.pdf, pdf);
    process.stdout.write(`${resolve(options.pdf)}\n`);
  }
  if (options.open === true) openPage(page);
  return problems.length === 0 ? exitStatus.verified : exitStatus.inconclusive;
}

interface WrittenPage {
  readonly page: string;
  readonly problems: readonly string[];
}

async function runPage(run: string | undefined): Promise<WrittenPage> {
  if (run === undefined)
    throw new MusterError("BAD_ARGUMENT", {
      message: "expected the folder of a run, or --index for all of them",
      hint: "./muster report reports/<drill>/<run>",
    });
  const folder = resolve(run);
  const { report } = await concludeRun(folder);
  return { page: join(folder, "report.html"), problems: await writeReports(report, folder) };
}

async function indexPage(run: string | undefined, { report }: ReportOptions): Promise<WrittenPage> {
  if (run !== undefined)
    throw new MusterError("BAD_ARGUMENT", {
      message: `--index is about all runs, and ${run} is one`,
      hint: "./muster report --index --report FOLDER",
    });
  return { page: await writeIndex(resolve(report)), problems: [] };
}

function openPage(page: string): void {
  const opener = spawn(process.platform === "darwin" ? "open" : "xdg-open", [page], {
    detached: true,
    stdio: "ignore",
  });
  opener.on("error", () => process.stderr.write("muster: no program here opens pages; the path is above\n"));
  opener.unref();
}
