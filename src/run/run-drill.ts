import { join } from "node:path";
import { loadInvariants } from "../check/invariants.ts";
import { judge } from "../check/judge.ts";
import { sourcesOf } from "../check/sources.ts";
import { MusterError, messageOf } from "../core/errors.ts";
import { absentFeatures, type RunStep } from "../core/plan.ts";
import type { RunbookPart } from "../core/runbook.ts";
import type { ComponentImage, Stack } from "../core/stack.ts";
import type { Receipt, StepRow } from "../core/tables.ts";
import { compareSets, listSet } from "./backup-set.ts";
import type { RunContext } from "./context.ts";
import { runControls, type ControlSets } from "./controls.ts";
import { connectTo, lookAtRestored, observeGate, saveSteps, untilSettled } from "./gate.ts";
import { takeMoreSets } from "./generations.ts";
import { openStack } from "./open-stack.ts";
import {
  describeFailure,
  rowsNotDone,
  runPart,
  takeSet,
  type BackupSet,
  type ProcedureTarget,
} from "./procedure.ts";
import { splitRestore } from "../core/runbook.ts";
import { runStep } from "./steps.ts";
import { writeTable } from "./tables.ts";
import { overdueSchedules, Watch } from "./watch.ts";
import { probe, underLoad, writeEpoch } from "./write-epoch.ts";

/** Raised where going on makes no sense, although the harness is well: the checks say what is wrong. */
export class RunStopped extends Error {
  override readonly name = "RunStopped";
}

/** Keeps what really ran, for the report. */
export type SaveStackFacts = (facts: {
  readonly images: readonly ComponentImage[];
  readonly isolation: string | null;
}) => Promise<void>;

/** One run from `up` to `controls`; clean-up belongs to the caller, so that it happens whatever is thrown here. */
export class DrillRun {
  readonly #context: RunContext;
  readonly #stack: Stack;
  readonly #tables: string;
  readonly #saveStackFacts: SaveStackFacts;
  #set: BackupSet | undefined;
  #moreSets: Omit<ControlSets, "set"> = { secondSet: undefined, ownSets: new Map() };
  #watch: Watch | undefined;

  private constructor(context: RunContext, stack: Stack, saveStackFacts: SaveStackFacts) {
    this.#context = context;
    this.#stack = stack;
    this.#tables = join(context.runFolder, "tables");
    this.#saveStackFacts = saveStackFacts;
  }

  static async prepare(context: RunContext, saveStackFacts: SaveStackFacts): Promise<DrillRun> {
    const stack = await openStack(context, { projectName: context.runId, stackFolder: "main" });
    return new DrillRun(context, stack, saveStackFacts);
  }

  get stack(): Stack {
    return this.#stack;
  }

  async run(): Promise<void> {
    await writeTable({ folder: this.#tables, table: "placements" }, this.#context.system.placements);
    const steps: readonly [RunStep, () => Promise<string>][] = [
      ["up", () => this.#up()],
      ["seed", () => this.#seed()],
      ["baseline", () => this.#baseline()],
      ["backup", () => this.#backup()],
      ["write-after", () => this.#write("after")],
      ["second-set", () => this.#takeMoreSets()],
      ["destroy", () => this.#destroy()],
      ["restore", () => this.#restore()],
      ["restored", () => this.#look()],
      ["start", () => this.#start()],
      ["started", () => this.#observe("started")],
      ["write-again", () => this.#writeAgain()],
      ["controls", () => this.#controls()],
    ];
    try {
      for (const [id, work] of steps) await runStep(this.#context, id, work, () => this.#target());
    } finally {
      await this.#endWatch();
    }
  }

  async #seed(): Promise<string> {
    const where = { stack: this.#stack, tablesFolder: this.#tables };
    this.#watch = Watch.begin(this.#context, { ...where, suffix: "before" });
    return await this.#write("seed");
  }

  async #writeAgain(): Promise<string> {
    const words = await this.#write("again");
    await this.#endWatch();
    return words;
  }

  async #endWatch(): Promise<void> {
    await this.#watch?.end();
    this.#watch = undefined;
  }

  #target(): ProcedureTarget {
    const { workFolder, runId } = this.#context;
    return {
      stack: this.#stack,
      setFolder: this.#set?.folder ?? join(workFolder, "set"),
      setId: this.#set?.id ?? `${runId}-1`,
      control: null,
      hasHooks: true,
    };
  }

  async #up(): Promise<string> {
    await this.#stack.up();
    const failure = await this.#answerFailure();
    if (failure !== undefined) throw new MusterError("STACK_FAILED", { message: failure });
    const isolation = await this.#stack.probeIsolation();
    await this.#saveStackFacts({ images: await this.#stack.images(), isolation: isolation?.detail ?? null });
    if (isolation === undefined) return "";
    this.#note("isolation", isolation.detail);
    if (isolation.isolated) return "";
    throw new MusterError("STACK_FAILED", {
      message: `the drill's network has a way out: ${isolation.detail}`,
      hint: "set com.docker.network.bridge.enable_ip_masquerade to false in the compose file",
    });
  }

  async #write(epoch: "seed" | "after" | "again"): Promise<string> {
    const where = { stack: this.#stack, tablesFolder: this.#tables };
    const words = await writeEpoch(this.#context, { ...where, epoch, suffix: epoch });
    if (epoch !== "again") await this.#settle();
    return words;
  }

  async #settle(): Promise<void> {
    await using connection = await connectTo(this.#context, this.#stack);
    await connection.settle();
  }

  async #observe(gate: "baseline" | "started"): Promise<string> {
    return await observeGate(this.#context, { stack: this.#stack, gate, tablesFolder: this.#tables });
  }

  /** If the invariants do not hold on the untouched system, the harness or the system is broken, not the backup. */
  async #baseline(): Promise<string> {
    await probe(this.#context, { stack: this.#stack, tablesFolder: this.#tables, suffix: "baseline-probe" });
    await this.#observe("baseline");
    const invariants = await loadInvariants(this.#context.project.invariantFolders(this.#context.system.id));
    const sources = await sourcesOf(this.#tables);
    const without = absentFeatures(this.#context.plan);
    const checks = await judge({ sources, invariants, gates: ["baseline"], includeRun: false, without });
    const wrong = checks.filter(({ verdict }) => verdict !== "pass");
    if (wrong.length === 0) return `${checks.length} invariants hold`;
    const first = wrong[0]?.findings[0];
    const words = wrong.map(({ id, why }) => `${id} (${why})`).join("; ");
    const example =
      first === undefined
        ? ""
        : `; first: ${first.kind} ${first.subject} in ${first.component}: expected ${first.expected}, seen ${first.actual}`;
    throw new RunStopped(`the untouched system does not hold its invariants: ${words}${example}`);
  }

  async #backup(): Promise<string> {
    const { runId, workFolder } = this.#context;
    const options = { id: `${runId}-1`, folder: join(workFolder, "set"), untilTaken: false, hasHooks: true };
    const take = async () => await takeSet(this.#context, this.#stack, options);
    const where = { stack: this.#stack, tablesFolder: this.#tables };
    // A cold procedure has load only where its drill asks for it: calls then fail while everything is stopped.
    const hasLoad = this.#context.runbook.mode === "hot" || this.#context.plan.drill.load !== undefined;
    const { done, load } = hasLoad
      ? await underLoad(this.#context, where, take)
      : { done: await take(), load: "" };
    const { set, result } = done;
    this.#set = set;
    await saveSteps(this.#context, this.#tables, "backup", result.rows);
    await writeTable({ folder: this.#tables, table: "cuts" }, set.cuts);
    if (result.failed !== undefined) throw new RunStopped(describeFailure("Back up", result.failed));
    await this.#untilAnswering("backup");
    const bytes = set.files.reduce((total, file) => total + file.bytes, 0);
    const words = `${set.files.length} files, ${(bytes / 1_000_000).toFixed(1)} MB`;
    return load === "" ? words : `${words}, under load: ${load}`;
  }

  async #takeMoreSets(): Promise<string> {
    const { secondSet, ownSets, words, failure } = await takeMoreSets(this.#context, this.#stack);
    if (failure !== undefined) throw new RunStopped(failure);
    this.#moreSets = { secondSet, ownSets };
    return words;
  }

  async #destroy(): Promise<string> {
    await this.#stack.collectLogs(join(this.#context.workFolder, "logs", "before-the-disaster"));
    await using before = await connectTo(this.#context, this.#stack);
    const receipts: Receipt[] = [...(await this.#stack.destroy())];
    const { gone, detail } = await before.probeGone();
    const after = gone ? "absent" : detail;
    receipts.push({ about: "destruction", subject: "public API", before: "served what was written", after });
    await writeTable({ folder: this.#tables, table: "receipts" }, receipts);
    await this.#endWatch();
    this.#note("destruction", `public API: ${detail}`);
    return `${receipts.length} receipts`;
  }

  #expectSet(): BackupSet {
    if (this.#set === undefined) throw new MusterError("HARNESS", { message: "there is no set to restore" });
    return this.#set;
  }

  async #restore(): Promise<string> {
    const { system, runbook } = this.#context;
    const set = this.#expectSet();
    const artefacts = compareSets(set.files, await listSet(set.folder), system.components);
    await writeTable({ folder: this.#tables, table: "artefacts" }, artefacts);
    const { putBack, start } = splitRestore(runbook);
    const { rows, failed } = await runPart(this.#context, this.#target(), putBack, "restore");
    const notDone = failed === undefined ? [] : rowsNotDone(this.#context, start, "restore");
    await saveSteps(this.#context, this.#tables, "restore", [...rows, ...notDone]);
    if (failed !== undefined) throw new RunStopped(describeFailure("Restore", failed));
    return `${rows.length} steps`;
  }

  async #look(): Promise<string> {
    const { method, problem } = await lookAtRestored(this.#context, this.#stack, this.#tables);
    const words =
      method === "none"
        ? "nothing could be observed"
        : `observed on ${method === "live" ? "the running stores" : `forks of the volumes, made by ${method}`}`;
    this.#note("look", `gate restored was ${words}${problem === "" ? "" : `: ${problem}`}`);
    return [words, problem].filter((part) => part !== "").join(": ");
  }

  async #start(): Promise<string> {
    const { start } = splitRestore(this.#context.runbook);
    const { rows, failed } = await runPart(this.#context, this.#target(), start, "restore");
    await saveSteps(this.#context, this.#tables, "start", rows);
    if (failed !== undefined) throw new RunStopped(describeFailure("Restore", failed));
    const where = { stack: this.#stack, tablesFolder: this.#tables };
    await this.#untilAnswering("restore", async () => {
      await probe(this.#context, { ...where, suffix: "probe" });
      this.#watch = Watch.begin(this.#context, { ...where, suffix: "restored" });
    });
    await this.#watch?.untilOverdueIsDone(await overdueSchedules(await sourcesOf(this.#tables)));
    return "";
  }

  /**
   * The last step of a part is Muster's own: the application answers an authenticated read and has settled. That it does
   * not is the procedure's failure, so it becomes a row that is judged.
   */
  async #untilAnswering(part: RunbookPart, whenReady?: () => Promise<void>): Promise<void> {
    const position = this.#context.runbook.blocks.filter((block) => block.part === part).length + 1;
    const beganAt = this.#context.clock.nowMs();
    const failure = await this.#answerFailure(whenReady);
    const row: StepRow = {
      phase: part,
      id: "application-answers",
      component: "api",
      planned: position,
      position,
      began_at: beganAt,
      ended_at: this.#context.clock.nowMs(),
      exit_code: failure === undefined ? 0 : 1,
      message: failure ?? null,
    };
    await saveSteps(this.#context, this.#tables, `${part}-answers`, [row]);
    if (failure !== undefined) throw new RunStopped(`the application does not answer: ${failure}`);
  }

  async #answerFailure(whenReady?: () => Promise<void>): Promise<string | undefined> {
    try {
      await untilSettled(this.#context, this.#stack, whenReady);
      return undefined;
    } catch (thrown) {
      this.#context.signal.throwIfAborted();
      return messageOf(thrown);
    }
  }

  /** The restored stack makes room: controls bring up stacks of their own. */
  async #controls(): Promise<string> {
    if (this.#context.plan.controls.length === 0) return "none asked for";
    await this.#stack.collectLogs(join(this.#context.workFolder, "logs", "restored"));
    if (!this.#context.keep) await this.#stack.down();
    return await runControls(this.#context, { set: this.#expectSet(), ...this.#moreSets });
  }

  #note(about: string, text: string): void {
    const { journal, clock, secrets } = this.#context;
    journal.append({ at: clock.nowMs(), entry: "note", about, text: secrets.redact(text) });
  }
}
