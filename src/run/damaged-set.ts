import { MusterError } from "../core/errors.ts";
import type { Fault, FaultEffect } from "../core/fault.ts";
import { seededRandom } from "../core/random.ts";
import { compareSets, listSet } from "./backup-set.ts";
import { lastLines, runScript } from "./blocks.ts";
import type { RunContext } from "./context.ts";
import { copySet } from "./copy-set.ts";
import type { BackupSet } from "./procedure.ts";
import { writeTable } from "./tables.ts";

/** What a control makes its damaged copy from, and where. */
export interface DamageRequest {
  readonly fault: Fault;
  readonly base: BackupSet;
  readonly other: BackupSet | undefined;
  readonly folder: string;
  readonly tables: string;
  readonly projectName: string;
}

/** Copies the set and damages the copy. @returns what changed, also what the fault changed in the order of steps. */
export async function damageCopy(context: RunContext, request: DamageRequest): Promise<FaultEffect[]> {
  const { fault, base, other, folder, tables } = request;
  await copySet(base.folder, folder, context);
  const random = seededRandom(context.plan.seed).fork(fault.id);
  const effects = [
    ...(await fault.inject({
      setFolder: folder,
      otherSetFolder: other?.folder,
      artefacts: compareSets(base.files, base.files, context.system.components),
      components: context.system.components,
      pick: (limit) => random.whole(limit),
    })),
    ...effectsOnSteps(context, fault),
  ];
  const rows = effects.map((effect) => ({ about: "fault" as const, ...effect }));
  await writeTable({ folder: tables, table: "receipts" }, rows);
  return effects;
}

/** What a fault changes without touching a file of the set: steps, and what the target holds beforehand. */
function effectsOnSteps({ runbook }: RunContext, fault: Fault): FaultEffect[] {
  const effects: FaultEffect[] = [];
  for (const [part, heading, change] of [
    ["restore", "Restore", fault.reorder],
    ["backup", "Back up", fault.takenWith],
  ] as const) {
    if (change === undefined) continue;
    const blocks = runbook.blocks.filter((block) => block.part === part);
    const scripts = new Map(blocks.map(({ id, script }) => [id, script]));
    const [before, after] = [blocks, change(blocks)].map((list) =>
      list.map(({ id, script }) => (scripts.get(id) === script ? id : `${id} (changed)`)).join(", "),
    );
    effects.push({ subject: `steps of ${heading}`, before: before ?? "", after: after ?? "" });
  }
  if (fault.targetIsFull)
    effects.push({ subject: "the target", before: "empty", after: "holds the other generation" });
  return effects;
}

/** The damage happened before the set was sealed: the runbook's own manifest vouches for it. */
export async function sealAgain(context: RunContext, request: DamageRequest): Promise<void> {
  const { base, folder, projectName } = request;
  for (const block of context.runbook.blocks.filter(({ role }) => role === "seal")) {
    const { exitCode, output } = await runScript({
      script: block.script,
      cwd: folder,
      environment: { BACKUP_DIR: folder, BACKUP_ID: base.id, COMPOSE_PROJECT_NAME: projectName },
      timeoutMs: block.timeoutMs,
      signal: context.signal,
      redact: (text) => context.secrets.redact(text),
    });
    if (exitCode !== 0)
      throw new MusterError("HARNESS", {
        message: `block ${block.id} could not seal the damaged set: ${lastLines(output)}`,
      });
  }
}

/** Muster's own list of files would give every fault away; the operator has only the runbook's, so it is taken anew. */
export async function saveSetTables(
  { system }: Pick<RunContext, "system">,
  { base, folder, tables }: Pick<DamageRequest, "base" | "folder" | "tables">,
): Promise<void> {
  const files = await listSet(folder);
  await writeTable({ folder: tables, table: "artefacts" }, compareSets(files, files, system.components));
  await writeTable({ folder: tables, table: "cuts" }, base.cuts);
}
