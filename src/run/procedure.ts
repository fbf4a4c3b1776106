import { mkdir } from "node:fs/promises";
import type { RunbookBlock, RunbookPart } from "../core/runbook.ts";
import type { Stack } from "../core/stack.ts";
import type { Cut, StepRow } from "../core/tables.ts";
import { listSet, type SetFile } from "./backup-set.ts";
import { lastLines, runScript, type BlockResult } from "./blocks.ts";
import { copyMemory, type RunContext } from "./context.ts";
import { runHooks } from "./hooks.ts";

/** A backup set and what is known of how it was taken. */
export interface BackupSet {
  readonly id: string;
  readonly folder: string;
  readonly files: readonly SetFile[];
  readonly cuts: readonly Cut[];
  /** What the system's clients kept when it was taken. */
  readonly memory: ReadonlyMap<string, unknown>;
}

export interface PartResult {
  readonly rows: StepRow[];
  /** First block that ended with something else than 0. */
  readonly failed: { readonly block: RunbookBlock; readonly result: BlockResult } | undefined;
}

/** Where blocks run, and for whom. */
export interface ProcedureTarget {
  readonly stack: Stack;
  readonly setFolder: string;
  readonly setId: string;
  /** Fault of the control that is under way; null in the run itself. */
  readonly control: string | null;
  /** In the run itself, and not for sets and stacks that only controls need. */
  readonly hasHooks?: boolean;
}

/** Runs blocks of one part in order, stops at the first that fails, and journals each with what it said. */
export async function runPart(
  context: RunContext,
  target: ProcedureTarget,
  blocks: readonly RunbookBlock[],
  part: RunbookPart,
): Promise<PartResult> {
  const planned = context.runbook.blocks.filter((block) => block.part === part);
  const rows: StepRow[] = [];
  let failed: PartResult["failed"];
  for (const block of blocks) {
    // By id: a fault may have changed what the step does, and not its place.
    const position = planned.findIndex(({ id }) => id === block.id) + 1;
    if (failed !== undefined) {
      rows.push(stepRow(block, position));
      continue;
    }
    context.signal.throwIfAborted();
    context.progress.detail(block.id);
    const beganAt = context.clock.nowMs();
    const result = await runBlock(context, target, block);
    // A block that an interruption ended says nothing about the procedure.
    context.signal.throwIfAborted();
    const endedAt = context.clock.nowMs();
    context.journal.append({
      at: endedAt,
      entry: "block",
      part,
      id: block.id,
      component: block.components.join(","),
      exitCode: result.exitCode,
      durationMs: endedAt - beganAt,
      output: result.output,
      control: target.control,
    });
    if (result.exitCode !== 0) failed = { block, result };
    else if (target.hasHooks)
      await runHooks(context, `${part}/${block.id}`, () => procedureEnvironment(context, target));
    rows.push({
      ...stepRow(block, position),
      position,
      began_at: beganAt,
      ended_at: endedAt,
      exit_code: result.exitCode,
      message: result.exitCode === 0 ? null : lastLines(result.output),
    });
  }
  return { rows, failed };
}

function stepRow(block: RunbookBlock, planned: number): StepRow {
  return {
    phase: block.part,
    id: block.id,
    component: block.components.join(","),
    planned,
    position: null,
    began_at: null,
    ended_at: null,
    exit_code: null,
    message: null,
  };
}

async function runBlock(
  context: RunContext,
  target: ProcedureTarget,
  block: RunbookBlock,
): Promise<BlockResult> {
  await mkdir(target.stack.deploymentFolder, { recursive: true });
  return await runScript({
    script: block.script,
    cwd: target.stack.deploymentFolder,
    environment: await procedureEnvironment(context, target),
    timeoutMs: block.timeoutMs,
    signal: context.signal,
    redact: (text) => context.secrets.redact(text),
  });
}

/** Variables that runbook blocks and hooks find. */
export async function procedureEnvironment(
  context: RunContext,
  target: ProcedureTarget,
): Promise<Readonly<Record<string, string>>> {
  return {
    ...(await target.stack.environment()),
    BACKUP_DIR: target.setFolder,
    BACKUP_ID: target.setId,
    MUSTER_RUN_DIR: context.runFolder,
  };
}

/**
 * Takes a set with the part Back up. `untilTaken` leaves out what follows the last block that names data: the application
 * is not started again when the disaster follows at once. `blocks` are those of a fault that takes its set its own way.
 */
export async function takeSet(
  context: RunContext,
  stack: Stack,
  options: {
    readonly id: string;
    readonly folder: string;
    readonly untilTaken: boolean;
    readonly blocks?: readonly RunbookBlock[];
    readonly control?: string;
    readonly hasHooks?: boolean;
  },
): Promise<{ readonly set: BackupSet; readonly result: PartResult }> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const all = options.blocks ?? context.runbook.blocks.filter((block) => block.part === "backup");
  const lastData = all.findLastIndex((block) => block.components.some((component) => component !== "api"));
  const blocks = options.untilTaken ? all.slice(0, lastData + 1) : all;
  const result = await runPart(
    context,
    {
      stack,
      setFolder: options.folder,
      setId: options.id,
      control: options.control ?? null,
      hasHooks: options.hasHooks ?? false,
    },
    blocks,
    "backup",
  );
  const files = await listSet(options.folder);
  return {
    set: {
      id: options.id,
      folder: options.folder,
      files,
      cuts: cutsOf(context, options.id, result.rows, files),
      memory: copyMemory(context.memory),
    },
    result,
  };
}

/** The cut of a component: from the begin of the first block that names it to the end of the last. */
function cutsOf(
  context: RunContext,
  setId: string,
  rows: readonly StepRow[],
  files: readonly SetFile[],
): Cut[] {
  return context.system.components.flatMap(({ id }) => {
    const mine = rows.filter((row) => row.component.split(",").includes(id) && row.began_at !== null);
    if (mine.length === 0 || id === "api") return [];
    const own = files.filter(({ path }) => path.startsWith(`${id}/`));
    return [
      {
        component: id,
        backup_id: setId,
        began_at: Math.min(...mine.map(({ began_at: at }) => at ?? Infinity)),
        ended_at: Math.max(...mine.map(({ ended_at: at }) => at ?? 0)),
        artefacts: own.length,
        bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      },
    ];
  });
}

/** Rows of blocks that were never reached. */
export function rowsNotDone(
  context: RunContext,
  blocks: readonly RunbookBlock[],
  part: RunbookPart,
): StepRow[] {
  const planned = context.runbook.blocks.filter((block) => block.part === part);
  return blocks.map((block) => stepRow(block, planned.indexOf(block) + 1));
}

/** A failed block in words: its name, its exit status, the last of what it said. */
export function describeFailure(part: string, { block, result }: NonNullable<PartResult["failed"]>): string {
  return `block ${block.id} of ${part} ended with ${result.exitCode}: ${lastLines(result.output)}`;
}
