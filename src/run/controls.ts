import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadInvariants, type Invariant } from "../check/invariants.ts";
import { judge } from "../check/judge.ts";
import { controlSources } from "../check/sources.ts";
import { MusterError, messageOf } from "../core/errors.ts";
import { provedByWriting, type Fault, type FaultEffect } from "../core/fault.ts";
import type { ControlPlan } from "../core/plan.ts";
import { splitRestore, type RunbookBlock } from "../core/runbook.ts";
import type { Stack } from "../core/stack.ts";
import { copyMemory, type RunContext } from "./context.ts";
import {
  controlId,
  controlRecordSchema,
  observed,
  refusal,
  targetComponentsOf,
  unknown,
  type ControlRecord,
  type Ending,
} from "./control-record.ts";
import { damageCopy, saveSetTables, sealAgain } from "./damaged-set.ts";
import { lookAtFiles, lookAtRestored, observeGate, saveSteps, untilSettled } from "./gate.ts";
import { LivingTarget } from "./living-target.ts";
import { neverAnswered } from "./never-answered.ts";
import { openStack } from "./open-stack.ts";
import { describeFailure, runPart, type BackupSet, type PartResult } from "./procedure.ts";
import { overdueSchedules, Watch } from "./watch.ts";
import { probe, writeEpoch } from "./write-epoch.ts";

/** The sets that controls are made from. */
export interface ControlSets {
  readonly set: BackupSet;
  readonly secondSet: BackupSet | undefined;
  /** Sets that faults took their own way, by fault. */
  readonly ownSets: ReadonlyMap<string, { readonly set: BackupSet; readonly failed: PartResult["failed"] }>;
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
  #effects: readonly FaultEffect[] = [];
  /** Set once the target is in use and its servers live on. */
  #living: LivingTarget | undefined;

  constructor(
    context: RunContext,
    sets: ControlSets,
    options: { plan: ControlPlan; fault: Fault; index: number; invariants: readonly Invariant[] },
  ) {
    this.#sets = sets;
    this.#fault = options.fault;
    // Its clients know what was known when the set was taken, and tell nobody what they are given.
    this.#context = { ...context, memory: copyMemory((this.#generations().base ?? sets.set).memory) };
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
    let ending: Ending;
    try {
      ending = await this.#attempt();
    } catch (thrown) {
      this.#context.signal.throwIfAborted();
      ending = unknown(`the control could not run: ${messageOf(thrown)}`);
    }
    await this.#save(ending, Math.round(performance.now() - beganAt));
  }

  async #save(ending: Ending, durationMs: number): Promise<void> {
    const { secrets, journal, clock, system } = this.#context;
    const record: ControlRecord = {
      fault: this.#fault.id,
      sealed: this.#plan.sealed,
      title: this.#fault.title,
      source: this.#fault.source,
      expectedInvariants: [...this.#fault.caughtBy],
      targetComponents: targetComponentsOf(this.#fault, system),
      targetInvariants: [...(this.#fault.target.invariants ?? [])],
      expected: this.#fault.expected,
      isReordered: this.#fault.reorder !== undefined,
      effects: [...this.#effects],
      ...ending,
      why: secrets.redact(ending.why),
      durationMs,
    };
    const text = JSON.stringify(controlRecordSchema.parse(record), null, 2);
    await writeFile(join(this.#folder, "control.json"), `${text}\n`);
    const { ended, why } = record;
    journal.append({
      at: clock.nowMs(),
      entry: "control",
      id: controlId(this.#plan),
      ended,
      why,
      durationMs,
    });
  }

  /** The set that is damaged and restored, and the generation beside it where the fault needs two. */
  #generations(): { readonly base: BackupSet | undefined; readonly other: BackupSet | undefined } {
    const { set, secondSet, ownSets } = this.#sets;
    const { id, takenWith, generations, restores } = this.#fault;
    if (takenWith !== undefined) return { base: ownSets.get(id)?.set, other: undefined };
    if (generations === "one") return { base: set, other: undefined };
    return restores === "earlier" ? { base: set, other: secondSet } : { base: secondSet, other: set };
  }

  async #attempt(): Promise<Ending> {
    const { base, other } = this.#generations();
    if (base === undefined || (this.#fault.generations === "two" && other === undefined))
      return unknown("no second generation was taken");
    const set = join(this.#workFolder, "set");
    const request = {
      fault: this.#fault,
      base,
      other,
      folder: set,
      tables: this.#tables,
      projectName: this.#projectName,
    };
    this.#effects = await damageCopy(this.#context, request);
    if (this.#fault.expected !== "nothing" && !isEffective(this.#effects))
      return unknown("the fault changed nothing");
    const failed = this.#sets.ownSets.get(this.#fault.id)?.failed;
    if (failed !== undefined) return refusal("Back up", failed);
    if (this.#plan.sealed) await sealAgain(this.#context, request);
    await saveSetTables(this.#context, request);
    const stack = await openStack(this.#context, {
      projectName: this.#projectName,
      stackFolder: `${controlId(this.#plan)}-stack`,
    });
    try {
      if (this.#fault.targetIsFull && other !== undefined) await this.#fillTarget(stack, other);
      return await this.#restore(stack, base, set);
    } finally {
      await stack.collectLogs(join(this.#context.workFolder, "logs", `control-${controlId(this.#plan)}`));
      await stack.down();
      await rm(this.#workFolder, { recursive: true, force: true });
    }
  }

  /** Puts another generation where this one will be restored, as on a server that was in use. */
  async #fillTarget(stack: Stack, { id: setId, folder: setFolder }: BackupSet): Promise<void> {
    const { putBack } = splitRestore(this.#context.runbook);
    const target = { stack, setFolder, setId, control: controlId(this.#plan) };
    const { failed } = await runPart(this.#context, target, putBack, "restore");
    if (failed !== undefined)
      throw new MusterError("HARNESS", { message: describeFailure("Restore of the other set", failed) });
    this.#living = await LivingTarget.count(this.#context, stack, this.#tables);
  }

  /** Steps of Restore, in the order of the document or of the fault. */
  #blocks(): readonly RunbookBlock[] {
    const restore = this.#context.runbook.blocks.filter(({ part }) => part === "restore");
    return this.#fault.reorder?.(restore) ?? restore;
  }

  async #restore(stack: Stack, base: BackupSet, set: string): Promise<Ending> {
    const { putBack, start } = splitRestore({ ...this.#context.runbook, blocks: this.#blocks() });
    const target = { stack, setFolder: set, setId: base.id, control: controlId(this.#plan) };
    const first = await runPart(this.#context, target, putBack, "restore");
    await saveSteps(this.#context, this.#tables, "restore", first.rows);
    // A refusal leaves the target as it was; a step that fails half-way is a failed restore, judged like any other.
    if (first.failed !== undefined) {
      if (await this.#isUntouched(stack, first)) return refusal("Restore", first.failed);
      return await this.#observeFailed(stack, describeFailure("Restore", first.failed));
    }
    if (start.length === 0)
      return observed(
        [],
        await neverAnswered(this.#context, this.#tables, "no step started the application"),
      );
    // What is put back only after the start cannot be looked at before it: then the end of the order is what counts.
    const isLate =
      this.#fault.expected === "either" && start.some((block) => this.#isMovedBehindTheStart(block));
    const looked: Ending["gates"] = isLate ? [] : ["restored"];
    if (!isLate && (await this.#isToldByFiles(stack)))
      return observed(looked, "told by files at gate restored; no server was started");
    if (!isLate) await this.#lookAtRestored(stack);
    if (!isLate && (await this.#isTold()))
      return observed(looked, "told at gate restored; the application was not started");
    const second = await runPart(this.#context, target, start, "restore");
    await saveSteps(this.#context, this.#tables, "start", second.rows);
    if (second.failed !== undefined) return observed(looked, describeFailure("Restore", second.failed));
    const silence = await this.#observeStarted(stack);
    if (silence !== undefined) return observed(looked, silence);
    return observed(
      [...looked, "started"],
      isLate ? "observed once everything was done" : "observed at both gates",
    );
  }

  /** A target that lives is counted again; of another that was full only the steps tell: none may have named a component. */
  async #isUntouched(stack: Stack, { rows }: PartResult): Promise<boolean> {
    if (!this.#fault.targetIsFull) return await stack.isUntouched();
    const done = rows.filter(({ began_at: beganAt }) => beganAt !== null);
    if (!done.every(({ component }) => component === "set")) return false;
    if (this.#living === undefined) return true;
    const { counts, isAsItWas } = await this.#living.countAgain();
    if (isAsItWas) this.#effects = [...this.#effects, ...counts];
    return isAsItWas;
  }

  /** What a step that failed half-way left of a living target is looked at; elsewhere the failure itself is what is judged. */
  async #observeFailed(stack: Stack, why: string): Promise<Ending> {
    if (this.#living === undefined) return observed([], why);
    await this.#lookAtRestored(stack);
    return observed(["restored"], why);
  }

  async #lookAtRestored(stack: Stack): Promise<void> {
    await lookAtRestored(this.#context, stack, this.#tables);
    if (this.#living !== undefined) this.#effects = [...this.#effects, ...(await this.#living.compare())];
  }

  #isMovedBehindTheStart(block: RunbookBlock): boolean {
    return splitRestore(this.#context.runbook).putBack.includes(block);
  }

  /** @returns why there was nothing to observe, where the application does not answer. */
  async #observeStarted(stack: Stack): Promise<string | undefined> {
    const where = { stack, tablesFolder: this.#tables };
    let watch: Watch | undefined;
    try {
      try {
        await untilSettled(this.#context, stack, async () => {
          await probe(this.#context, { ...where, suffix: "probe" });
          watch = Watch.begin(this.#context, { ...where, suffix: "restored" });
        });
      } catch (thrown) {
        this.#context.signal.throwIfAborted();
        return await neverAnswered(this.#context, this.#tables, messageOf(thrown));
      }
      const sources = await controlSources(join(this.#context.runFolder, "tables"), this.#tables);
      await watch?.untilOverdueIsDone(await overdueSchedules(sources));
      await observeGate(this.#context, { ...where, gate: "started" });
      // What nobody could see from outside, such as a folder that takes no file, shows when it is written to.
      if (this.#fault.caughtBy.includes(provedByWriting))
        await writeEpoch(this.#context, { ...where, epoch: "again", suffix: "again" });
      return undefined;
    } finally {
      await watch?.end();
    }
  }

  /** Whether a look at files alone has told: where the fault is expected in them, it costs no start of a server. */
  async #isToldByFiles(stack: Stack): Promise<boolean> {
    const targets = targetComponentsOf(this.#fault, this.#context.system);
    const isInFiles = this.#context.system.components.some(
      ({ id, readFromFiles }) => readFromFiles === true && targets.includes(id),
    );
    if (!isInFiles) return false;
    await lookAtFiles(this.#context, stack, this.#tables);
    return await this.#isTold();
  }

  /** Whether a named invariant has already spoken. */
  async #isTold(): Promise<boolean> {
    const named = this.#invariants.filter(({ id }) => this.#fault.caughtBy.includes(id));
    const sources = await controlSources(join(this.#context.runFolder, "tables"), this.#tables);
    const checks = await judge({ sources, invariants: named, gates: ["restored"], includeRun: false });
    return checks.some(({ verdict }) => verdict === "fail");
  }
}

function isEffective(effects: readonly FaultEffect[]): boolean {
  return effects.length > 0 && effects.every(({ before, after }) => before !== after);
}
