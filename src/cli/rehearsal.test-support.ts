import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../core/report.ts";
import { executePlan, type RunOutcome } from "../run/execute.ts";
import { openProject, type Project } from "../run/project.ts";
import { prepareDrill } from "./prepare.ts";

/** For tests: whole runs of the tutorial inside this process, with a runbook changed for the occasion. */

export interface Rehearsal {
  readonly drill?: string;
  readonly project?: Project;
  /** Scripts that take the place of a block's own, by block id. */
  readonly blocks?: Readonly<Record<string, string>>;
  /** Any other change of the runbook's text. */
  readonly rewrite?: (runbook: string) => string;
  readonly hooks?: readonly string[];
  readonly controls?: string;
  /** Told each step as it begins. */
  readonly onStep?: (step: string) => void;
}

/** Runs a rehearsal below `folder`. @returns what a run gives, and the exit status of each block that was run. */
export async function rehearse(
  folder: string,
  rehearsal: Rehearsal,
): Promise<RunOutcome & { readonly exitCodes: Readonly<Record<string, number | null>> }> {
  const work = await mkdtemp(join(folder, "rehearsal-"));
  const project = rehearsal.project ?? openProject(await emptyProject(work));
  const drillId = rehearsal.drill ?? "tutorial/cold";
  const runbook = join(work, "changed.runbook.md");
  await writeFile(runbook, changeRunbook(await runbookOf(project, drillId), rehearsal));
  const prepared = await prepareDrill(project, drillId, {
    runbook,
    controls: rehearsal.controls ?? "none",
    hook: rehearsal.hooks ?? [],
  });
  const outcome = await executePlan({
    project,
    ...prepared,
    images: new Map(),
    reportsFolder: join(work, "reports"),
    musterVersion: "test",
    progress: {
      stepBegan: (step) => rehearsal.onStep?.(step),
      detail: () => undefined,
      stepEnded: () => undefined,
    },
    signal: new AbortController().signal,
    keep: false,
  });
  return { ...outcome, exitCodes: exitCodesOf(outcome.report) };
}

/** Work folders of a project of its own are swept by nobody else's run. */
async function emptyProject(work: string): Promise<string> {
  const project = join(work, "project");
  await mkdir(project);
  return project;
}

async function runbookOf(project: Project, drillId: string): Promise<string> {
  const { drill, file } = await project.loadDrill(drillId);
  return await readFile(join(file, "..", drill.runbook), "utf8");
}

/** A change that finds nothing to change would test the untouched procedure, and is refused. */
export function changeRunbook(
  text: string,
  { blocks = {}, rewrite }: Pick<Rehearsal, "blocks" | "rewrite">,
): string {
  let changed = text;
  for (const [id, script] of Object.entries(blocks)) {
    const block = new RegExp(`(\`\`\`sh id=${id} [^\\n]*\\n)[\\s\\S]*?(\\n\`\`\`)`);
    if (!block.test(changed)) throw new Error(`the runbook has no block ${id}`);
    changed = changed.replace(block, (_, head: string, tail: string) => `${head}${script.trim()}${tail}`);
  }
  if (rewrite === undefined) return changed;
  const rewritten = rewrite(changed);
  if (rewritten === changed) throw new Error("the runbook was not changed");
  return rewritten;
}

function exitCodesOf(report: Report): Record<string, number | null> {
  return Object.fromEntries(
    report.steps
      .filter(({ phase }) => phase === "backup" || phase === "restore")
      .map(({ id, exitCode }) => [id, exitCode]),
  );
}

/** Bash that defines `sql FILE STATEMENT`: runs SQL on a SQLite file with Node's own SQLite. */
export const defineSql = `
sql() { "${process.execPath}" --disable-warning=ExperimentalWarning -e 'const { DatabaseSync } = require("node:sqlite"); const database = new DatabaseSync(process.argv[1], { timeout: 10000 }); database.exec(process.argv[2]); database.close()' "$1" "$2"; }
`;
