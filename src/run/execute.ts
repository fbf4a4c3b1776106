import { access, copyFile, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { MusterError, messageOf } from "../core/errors.ts";
import { hashLine } from "../core/journal.ts";
import type { Plan } from "../core/plan.ts";
import type { Report } from "../core/report.ts";
import type { Runbook } from "../core/runbook.ts";
import type { System } from "../core/system.ts";
import type { Fault } from "../core/fault.ts";
import { loadInvariants } from "../check/invariants.ts";
import { endProcessesOf } from "../stack/process-owner.ts";
import { keptMarker } from "../stack/sweep.ts";
import { hashFile } from "./backup-set.ts";
import { increasingClock, type Clock } from "./clock.ts";
import { concludeRun } from "./conclude.ts";
import type { Progress, RunContext } from "./context.ts";
import { environmentSchema, evidencePaths } from "./evidence.ts";
import { JournalFile } from "./journal-file.ts";
import type { Project } from "./project.ts";
import { DrillRun, RunStopped } from "./run-drill.ts";
import { makeSecrets } from "./secrets.ts";
import { saveLogs } from "./logs.ts";
import { claimWorkFolder, sweepWorkFolders } from "./work-folder.ts";

/** The machine's clock may drift this far in a run before the report says so. */
const clockToleranceMs = 2_000;

export interface RunRequest {
  readonly project: Project;
  readonly plan: Plan;
  readonly system: System;
  readonly runbook: Runbook;
  readonly runbookText: string;
  readonly faults: readonly Fault[];
  readonly images: ReadonlyMap<string, string>;
  readonly reportsFolder: string;
  readonly musterVersion: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly keep: boolean;
}

export interface RunOutcome {
  readonly runFolder: string;
  readonly report: Report;
  readonly interrupted: boolean;
  readonly cleanUpError: string | undefined;
  /** Set with `keep`: how to reach what was left up. */
  readonly kept: Readonly<Record<string, string>> | undefined;
}

/** Executes a plan: everything is recorded, everything is removed, and the verdict is made from the record. */
export async function executePlan(request: RunRequest): Promise<RunOutcome> {
  const clock = increasingClock();
  await sweepWorkFolders(request.project.folder, { everything: false });
  const { startedAt, runId, runFolder, workFolder } = await claimFolders(request, clock);
  const planText = `${JSON.stringify(request.plan, null, 2)}\n`;
  await writeFile(join(runFolder, "plan.json"), planText);
  await writeFile(join(runFolder, "evidence", basename(request.plan.runbook.file)), request.runbookText);
  await copyInvariants(request, runFolder);
  const secrets = makeSecrets();
  const journal = new JournalFile(join(runFolder, "journal.jsonl"), (text) => secrets.redact(text));
  let seq = 0;
  const context: RunContext = {
    ...request,
    runId,
    runFolder,
    workFolder,
    journal,
    clock,
    secrets,
    memory: new Map(),
    nextSeq: () => (seq += 1),
  };
  journal.append({ at: startedAt, entry: "run-began", runId, planSha256: hashLine(planText) });
  const run = await DrillRun.prepare(context, async ({ images, isolation }) => {
    const environment = environmentSchema.parse({
      runId,
      musterVersion: request.musterVersion,
      startedAt,
      images,
      isolation,
    });
    await writeFile(
      join(runFolder, "evidence/environment.json"),
      `${JSON.stringify(environment, null, 2)}\n`,
    );
  });
  const ended = await runToTheEnd(context, run);
  noteClock(context);
  const kept = request.keep ? await run.stack.environment() : undefined;
  const cleanUpError = await cleanUp(context, run, startedAt);
  await endRecord(context, ended);
  request.progress.stepBegan("check", "judge the invariants");
  const beganAt = performance.now();
  const { report } = await concludeRun(runFolder);
  request.progress.stepEnded("done", performance.now() - beganAt, report.result);
  return { runFolder, report, interrupted: ended.outcome === "interrupted", cleanUpError, kept };
}

interface RunFolders {
  readonly startedAt: number;
  readonly runId: string;
  readonly runFolder: string;
  readonly workFolder: string;
}

/** Names a run by the moment of its begin; of two that begin in one millisecond, one takes the next. */
async function claimFolders({ project, plan, reportsFolder }: RunRequest, clock: Clock): Promise<RunFolders> {
  for (;;) {
    const startedAt = clock.nowMs();
    const runId = `muster-${plan.system.id}-${startedAt.toString(36)}`;
    const workFolder = join(project.folder, ".muster", "runs", runId);
    const moment = new Date(startedAt).toISOString().replace(/[:.]/g, "-");
    const runFolder = join(reportsFolder, plan.drillId, `${moment}-${plan.seed}`);
    if (!(await claimWorkFolder(workFolder))) continue;
    await mkdir(join(runFolder, "evidence"), { recursive: true });
    return { startedAt, runId, runFolder, workFolder };
  }
}

/**
 * The last lines of the journal: the hash of every other file, how the run ended, and the seal.
 * @throws MusterError HARNESS where the folder is gone or takes no more; what is there then counts as a killed run.
 */
async function endRecord(
  { journal, clock, runFolder }: RunContext,
  ended: { readonly outcome: "complete" | "stopped" | "interrupted"; readonly message: string },
): Promise<void> {
  try {
    await access(join(runFolder, "journal.jsonl"));
    for (const path of await evidencePaths(runFolder)) {
      const file = join(runFolder, path);
      const { size: bytes } = await stat(file);
      journal.append({ at: clock.nowMs(), entry: "file", path, sha256: await hashFile(file), bytes });
    }
    journal.append({ at: clock.nowMs(), entry: "run-ended", ...ended });
    journal.seal();
    journal.close();
  } catch (cause) {
    throw new MusterError("HARNESS", {
      message: `the record of the run could not be ended: ${messageOf(cause)}${ended.message === "" ? "" : ` (before that: ${ended.message})`}`,
      hint: `nothing can be judged without it; give ${runFolder} room, leave it in place, and run the drill again`,
      cause,
    });
  }
}

/** Times of the application, such as when something became due, are the machine's: they are off by as much. */
function noteClock({ journal, clock }: RunContext): void {
  const stepped = clock.steppedMs();
  if (Math.abs(stepped) < clockToleranceMs) return;
  const text = `the machine's clock was set ${stepped < 0 ? "back" : "forward"} by ${(Math.abs(stepped) / 1000).toFixed(0)} s during the run; durations were counted without it`;
  journal.append({ at: clock.nowMs(), entry: "note", about: "clock", text });
}

/** What the checks are made of travels with the run, so that the same verdict can be made anywhere. */
async function copyInvariants({ project, system }: RunRequest, runFolder: string): Promise<void> {
  const folders = project.invariantFolders(system.id);
  await loadInvariants(folders);
  await mkdir(join(runFolder, "invariants"), { recursive: true });
  for (const folder of folders) {
    for (const name of (await readdir(folder)).filter((candidate) => candidate.endsWith(".sql")))
      await copyFile(join(folder, name), join(runFolder, "invariants", name));
  }
}

async function runToTheEnd(
  context: RunContext,
  run: DrillRun,
): Promise<{ outcome: "complete" | "stopped" | "interrupted"; message: string }> {
  try {
    await run.run();
    return { outcome: "complete", message: "" };
  } catch (thrown) {
    if (context.signal.aborted) return { outcome: "interrupted", message: "the run was interrupted" };
    const message = context.secrets.redact(messageOf(thrown));
    if (thrown instanceof RunStopped) return { outcome: "stopped", message };
    const hint = thrown instanceof MusterError && thrown.hint !== undefined ? ` (hint: ${thrown.hint})` : "";
    return { outcome: "stopped", message: `the harness could not go on: ${message}${hint}` };
  }
}

/** Logs first, then everything that the run made; a failure here is reported apart from the verdict. */
async function cleanUp(context: RunContext, run: DrillRun, startedAt: number): Promise<string | undefined> {
  context.progress.stepBegan("down", "remove everything");
  const beganAt = performance.now();
  let failure: string | undefined;
  try {
    await keepLogs(context, run);
    if (context.keep) await writeFile(join(context.workFolder, keptMarker), String(startedAt));
    else {
      await run.stack.down();
      await endProcessesOf(context.workFolder);
      await rm(context.workFolder, { recursive: true, force: true });
    }
  } catch (thrown) {
    failure = messageOf(thrown);
  }
  context.progress.stepEnded(
    failure === undefined ? "done" : "failed",
    performance.now() - beganAt,
    failure ?? "",
  );
  return failure;
}

/** Where logs cannot be kept, as on a full disk, that is noted; everything must be removed all the same. */
async function keepLogs(context: RunContext, run: DrillRun): Promise<void> {
  try {
    await run.stack.collectLogs(join(context.workFolder, "logs", "end"));
    await saveLogs(context);
  } catch (thrown) {
    const text = `logs could not be kept: ${context.secrets.redact(messageOf(thrown))}`;
    context.progress.detail(text);
    try {
      context.journal.append({ at: context.clock.nowMs(), entry: "note", about: "logs", text });
    } catch {
      // The journal takes no more either: the end of the record says so.
    }
  }
}
