import { glob, readFile, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { messageOf } from "../core/errors.ts";
import { reportSchema } from "../core/report.ts";
import { renderIndex, type IndexedRun } from "../report/html-index.ts";

const shownProblem = 160;

/** Writes a page over all runs below a folder. @returns its path */
export async function writeIndex(folder: string): Promise<string> {
  const runs: IndexedRun[] = [];
  // A run has a plan as soon as it begins; one that was killed has no report.
  for await (const plan of glob("**/plan.json", { cwd: folder })) {
    const path = dirname(plan).split(sep).join("/");
    runs.push({ path, ...(await reportOf(join(folder, path))) });
  }
  const page = join(folder, "index.html");
  await writeFile(page, renderIndex(runs.toSorted((left, right) => left.path.localeCompare(right.path))));
  return page;
}

async function reportOf(folder: string): Promise<Pick<IndexedRun, "report" | "problem">> {
  try {
    const text = await readFile(join(folder, "report.json"), "utf8");
    return { report: reportSchema.parse(JSON.parse(text)), problem: "" };
  } catch (thrown) {
    return { report: undefined, problem: messageOf(thrown).replaceAll(/\s+/g, " ").slice(0, shownProblem) };
  }
}
