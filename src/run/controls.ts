import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { loadInvariants, type Invariant } from "../check/invariants.ts";
import { judge } from "../check/judge.ts";
import { controlSources } from "../check/sources.ts";
import { MusterError, messageOf } from "../core/errors.ts";
import type { Fault, FaultEffect } from "../core/fault.ts";
import type { ControlPlan } from "../core/plan.ts";
import { seededRandom } from "../core/random.ts";
import { splitRestore, type RunbookBlock } from "../core/runbook.ts";
import type { Stack } from "../core/stack.ts";
import { compareSets, listSet } from "./backup-set.ts";
import { runScript } from "./blocks.ts";
import { copyMemory, type RunContext } from "./context.ts";
import { copySet } from "./copy-set.ts";
import { lookAtRestored, observeGate, saveSteps, untilSettled } from "./gate.ts";
import { neverStarted } from "./never-started.ts";
import { openStack } from "./open-stack.ts";
import { describeFailure, lastLines, runPart, type BackupSet } from "./procedure.ts";
import { writeTable } from "./tables.ts";
import { overdueSchedules, Watch } from "./watch.ts";
import { probe } from "./write-epoch.ts";

/** What a control did, kept beside its tables; what it means is judged from the tables, also later. */
export const controlRecordSchema = z.strictObject({
  fault: z.string(),
  sealed: z.boolean(),
  title: z.string(),
  source: z.string(),
  expectedInvariants: z.array(z.string()),
  targetComponents: z.array(z.string()),
  targetInvariants: z.array(z.string()),
  expected: z.enum(["noticed", "either"]).default("noticed"),
  /** Muster itself changed the order of the steps, so that this is no finding. */
  isReordered: z.boolean().default(false),
  ended: z.enum(["refused", "observed", "unknown"]),
  /** Gates that were reached. */
  gates: z.array(z.enum(["restored", "started"])),
  effects: z.array(z.strictObject({ subject: z.string(), before: z.string(), after: z.string() })),
  why: z.string(),
  durationMs: z.number().nonnegative(),
});
export type ControlRecord = z.infer<typeof controlRecordSchema>;

type Ending = Pick<ControlRecord, "ended" | "gates" | "why">;

export interface ControlSets {
  readonly set: BackupSet;
  readonly secondSet: BackupSet | undefined;
}

/** Name of a control in reports and folders. */
export function controlId(plan: ControlPlan): string {
  return plan.sealed ? `${plan.fault}-sealed` : plan.fault;
}

/** Sends a damaged copy of the set through a whole restore, once for each planned control. */
export async function runControls(context: RunContext, sets: ControlSets): Promise<string> {
  const invariants = await loadInvariants(context.project.invariantFolders(context.system.id));
  for (const [index, plan] of context.plan.controls.entries()) {
    context.signal.throwIfAborted();
    context.progress.detail(`${index + 1} of ${context.plan.controls.length}: ${controlId(plan)}`);
    const fault = context.faults.find(({ id }) => id === plan.fault);
    if (fault === undefined)
      throw new MusterError("HARNESS", { message: `planned fault ${plan.fault} is not loaded` });
    await new Control(context, sets, { plan, fault, index, invariants }).run();
  }
  return `${context.plan.controls.length} controls`;
}

/** One control: damage, restore, look; the application is started only if looking at the stores has not told yet. */
class Control {
  readonly #context: RunContext;
  readonly #sets: ControlSets;
  readonly #fault: Fault;
  readonly #plan: ControlPlan;
  readonly #invariants: readonly Invariant[];
  readonly #folder: string;
  readonly #tables: string;
  readonly #workFolder: string;
  readonly #projectName: string;

  constructor(
    context: RunContext,
    sets: ControlSets,
    options: { plan: ControlPlan; fault: Fault; index: number; invariants: readonly Invariant[] },
  ) {
    this.#sets = sets;
    this.#fault = options.fault;
    // Its clients know what was known when the set was taken, and tell nobody what they are given.
    this.#context = { ...context, memory: copyMemory((this.#base() ?? sets.set).memory) };
    this.#plan = options.plan;
    this.#invariants = options.invariants;
    this.#folder = join(context.runFolder, "controls", controlId(options.plan));
    this.#tables = join(this.#folder, "tables");
    this.#workFolder = join(context.workFolder, `control-${options.index}`);
    this.#projectName = `${context.runId}-c${options.index}`;
  }

  async run(): Promise<void> {
    const beganAt = performance.now();
    await mkdir(this.#tables, { recursive: true });
    let outcome: Ending & Pick<ControlRecord, "effects">;
    try {
      outcome = await this.#attempt();
    } catch (thrown) {
      this.#context.signal.throwIfAborted();
      outcome = {
        ended: "unknown",
        gates: [],
        effects: [],
        why: `the control could not run: ${messageOf(thrown)}`,
      };
    }
    const durationMs = Math.round(performance.now() - beganAt);
    const record: ControlRecord = {
      fault: this.#fault.id,
      sealed: this.#plan.sealed,
      title: this.#fault.title,
      source: this.#fault.source,
      expectedInvariants: [...this.#fault.caughtBy],
      targetComponents: [...this.#fault.target.components],
      targetInvariants: [...(this.#fault.target.invariants ?? [])],
      expected: this.#fault.expected ?? "noticed",
      isReordered: this.#fault.reorder !== undefined,
      ...outcome,
      why: this.#context.secrets.redact(outcome.why),
      durationMs,
    };
    await writeFile(
      join(this.#folder, "control.json"),
      `${JSON.stringify(controlRecordSchema.parse(record), null, 2)}\n`,
    );
    this.#context.journal.append({
      at: this.#context.clock.nowMs(),
      entry: "control",
      id: controlId(this.#plan),
      ended: record.ended,
      why: record.why,
      durationMs,
    });
  }

  /** The set that is damaged and restored. */
  #base(): BackupSet | undefined {
    return this.#fault.generations === "two" ? this.#sets.secondSet : this.#sets.set;
  }

  async #attempt(): Promise<Ending & Pick<ControlRecord, "effects">> {
    const base = this.#base();
    if (base === undefined)
      return { ended: "unknown", gates: [], effects: [], why: "no second generation was taken" };
    const set = join(this.#workFolder, "set");
    await copySet(base.folder, set, this.#context);
    const effects = await this.#damage(base, set);
    if (effects.length === 0 || effects.some(({ before, after }) => before === after)) {
      return { ended: "unknown", gates: [], effects: [...effects], why: "the fault changed nothing" };
    }
    if (this.#plan.sealed) await this.#seal(base, set);
    await this.#writeSetTables(base, set);
    const stack = await openStack(this.#context, {
      projectName: this.#projectName,
      stackFolder: `${controlId(this.#plan)}-stack`,
    });
    try {
      return { ...(await this.#restore(stack, base, set)), effects: [...effects] };
    } finally {
      await stack.collectLogs(join(this.#context.workFolder, "logs", `control-${controlId(this.#plan)}`));
      await stack.down();
      await rm(this.#workFolder, { recursive: true, force: true });
    }
  }

  /** Steps of Restore, in the order of the document or of the fault. */
  #blocks(): readonly RunbookBlock[] {
    const restore = this.#context.runbook.blocks.filter(({ part }) => part === "restore");
    return this.#fault.reorder?.(restore) ?? restore;
  }

  async #damage(base: BackupSet, set: string): Promise<readonly FaultEffect[]> {
    const random = seededRandom(this.#context.plan.seed).fork(this.#fault.id);
    const injected = await this.#fault.inject({
      setFolder: set,
      otherSetFolder: this.#fault.generations === "two" ? this.#sets.set.folder : undefined,
      artefacts: compareSets(base.files, base.files, this.#context.system.components),
      components: this.#context.system.components,
      pick: (limit) => random.whole(limit),
    });
    const effects = [...injected];
    if (this.#fault.reorder !== undefined) effects.push(this.#orderEffect());
    await writeTable(
      { folder: this.#tables, table: "receipts" },
      effects.map((effect) => ({ about: "fault" as const, ...effect })),
    );
    return effects;
  }

  #orderEffect(): FaultEffect {
    const namesOf = (blocks: readonly RunbookBlock[]) => blocks.map(({ id }) => id).join(", ");
    const before = namesOf(this.#context.runbook.blocks.filter(({ part }) => part === "restore"));
    return { subject: "steps of Restore", before, after: namesOf(this.#blocks()) };
  }

  /** The damage happened before the set was sealed: the runbook's own manifest vouches for it. */
  async #seal(base: BackupSet, set: string): Promise<void> {
    for (const block of this.#context.runbook.blocks.filter(({ role }) => role === "seal")) {
      const { exitCode, output } = await runScript({
        script: block.script,
        cwd: set,
        environment: { BACKUP_DIR: set, BACKUP_ID: base.id, COMPOSE_PROJECT_NAME: this.#projectName },
        timeoutMs: block.timeoutMs,
        signal: this.#context.signal,
        redact: (text) => this.#context.secrets.redact(text),
      });
      if (exitCode !== 0)
        throw new MusterError("HARNESS", {
          message: `block ${block.id} could not seal the damaged set: ${lastLines(output)}`,
        });
    }
  }

  async #writeSetTables(base: BackupSet, set: string): Promise<void> {
    const files = await listSet(set);
    // Muster's own list of files would give every fault away; the operator has only the runbook's, so it is taken anew.
    await writeTable(
      { folder: this.#tables, table: "artefacts" },
      compareSets(files, files, this.#context.system.components),
    );
    await writeTable({ folder: this.#tables, table: "cuts" }, base.cuts);
  }

  async #restore(stack: Stack, base: BackupSet, set: string): Promise<Ending> {
    const { putBack, start } = splitRestore({ ...this.#context.runbook, blocks: this.#blocks() });
    const target = { stack, setFolder: set, setId: base.id, control: controlId(this.#plan) };
    const first = await runPart(this.#context, target, putBack, "restore");
    await saveSteps(this.#context, this.#tables, "restore", first.rows);
    // A refusal leaves the target as it was; a step that fails half-way is a failed restore, judged like any other.
    if (first.failed !== undefined) {
      const ended = (await stack.isUntouched()) ? "refused" : "observed";
      return { ended, gates: [], why: describeFailure("Restore", first.failed) };
    }
    if (start.length === 0) return await neverStarted(this.#context, this.#tables);
    // What is put back only after the start cannot be looked at before it: then the end of the order is what counts.
    const isLate =
      this.#fault.expected === "either" && start.some((block) => this.#isMovedBehindTheStart(block));
    if (!isLate) await lookAtRestored(this.#context, stack, this.#tables);
    if (!isLate && (await this.#isTold())) {
      return {
        ended: "observed",
        gates: ["restored"],
        why: "told at gate restored; the application was not started",
      };
    }
    const second = await runPart(this.#context, target, start, "restore");
    await saveSteps(this.#context, this.#tables, "start", second.rows);
    if (second.failed !== undefined) {
      const gates: Ending["gates"] = isLate ? [] : ["restored"];
      return { ended: "observed", gates, why: describeFailure("Restore", second.failed) };
    }
    await this.#observeStarted(stack);
    return isLate
      ? { ended: "observed", gates: ["started"], why: "observed once everything was done" }
      : { ended: "observed", gates: ["restored", "started"], why: "observed at both gates" };
  }

  #isMovedBehindTheStart(block: RunbookBlock): boolean {
    return splitRestore(this.#context.runbook).putBack.includes(block);
  }

  async #observeStarted(stack: Stack): Promise<void> {
    const where = { stack, tablesFolder: this.#tables };
    let watch: Watch | undefined;
    try {
      await untilSettled(this.#context, stack, async () => {
        await probe(this.#context, { ...where, suffix: "probe" });
        watch = Watch.begin(this.#context, { ...where, suffix: "restored" });
      });
      const sources = await controlSources(join(this.#context.runFolder, "tables"), this.#tables);
      await watch?.untilOverdueIsDone(await overdueSchedules(sources));
      await observeGate(this.#context, { ...where, gate: "started" });
    } finally {
      await watch?.end();
    }
  }

  /** Whether a named invariant has already spoken. */
  async #isTold(): Promise<boolean> {
    const named = this.#invariants.filter(({ id }) => this.#fault.caughtBy.includes(id));
    const sources = await controlSources(join(this.#context.runFolder, "tables"), this.#tables);
    const checks = await judge({ sources, invariants: named, gates: ["restored"], includeRun: false });
    return checks.some(({ verdict }) => verdict === "fail");
  }
}
