import { join } from "node:path";
import { judge } from "../check/judge.ts";
import { loadInvariants } from "../check/invariants.ts";
import { sourcesOf } from "../check/sources.ts";
import { openTableWriter } from "../check/table-writer.ts";
import { MusterError, messageOf } from "../core/errors.ts";
import type { ComponentImage, Stack } from "../core/stack.ts";
import type { Connection } from "../core/system.ts";
import type { Fact, Receipt, StepRow } from "../core/tables.ts";
import type { RunStep } from "../core/plan.ts";
import { runSteps } from "../core/plan.ts";
import type { Gate } from "../core/verdict.ts";
import { compareSets, listSet } from "./backup-set.ts";
import { runScript } from "./blocks.ts";
import type { RunContext } from "./context.ts";
import { runControls } from "./controls.ts";
import { observationStep, observeComponents } from "./observe.ts";
import { openStack } from "./open-stack.ts";
import { lastLines, procedureEnvironment, restoreHalves, runPart, setFolderOf, takeSet, type BackupSet } from "./procedure.ts";
import { writeTable } from "./tables.ts";
import { runWorkload } from "./workload.ts";

/** Raised where going on makes no sense, although the harness is well: the checks say what is wrong. */
export class RunStopped extends Error {
  override readonly name = "RunStopped";
}

/** Keeps what really ran, for the report. */
export type SaveStackFacts = (facts: { readonly images: readonly ComponentImage[]; readonly isolation: string | null }) => Promise<void>;

/** One run from `up` to `controls`; clean-up belongs to the caller, so that it happens whatever is thrown here. */
export class DrillRun {
  readonly #context: RunContext;
  readonly #stack: Stack;
  readonly #tables: string;
  readonly #saveStackFacts: SaveStackFacts;
  #set: BackupSet | undefined;
  #secondSet: BackupSet | undefined;

  private constructor(context: RunContext, stack: Stack, saveStackFacts: SaveStackFacts) {
    this.#context = context;
    this.#stack = stack;
    this.#tables = join(context.runFolder, "tables");
    this.#saveStackFacts = saveStackFacts;
  }

  static async prepare(context: RunContext, saveStackFacts: SaveStackFacts): Promise<DrillRun> {
    const deployment = await context.system.deployment({
      secret: (name) => context.secrets.secret(name),
      image: (variable) => context.images.get(variable) ?? "",
      projectFolder: context.project.folder,
    });
    const stack = await openStack({
      system: context.system,
      projectFolder: context.project.folder,
      runId: context.runId,
      projectName: context.runId,
      runWorkFolder: context.workFolder,
      stackFolder: "main",
      deployment,
    });
    return new DrillRun(context, stack, saveStackFacts);
  }

  get stack(): Stack {
    return this.#stack;
  }

  async run(): Promise<void> {
    await writeTable({ folder: this.#tables, table: "placements" }, this.#context.system.placements);
    await this.#step("up", () => this.#up());
    await this.#step("seed", () => this.#write("seed"));
    await this.#step("baseline", () => this.#baseline());
    await this.#step("backup", () => this.#backup());
    await this.#step("write-after", () => this.#write("after"));
    await this.#step("second-set", () => this.#takeSecondSet());
    await this.#step("destroy", () => this.#destroy());
    await this.#step("restore", () => this.#restore());
    await this.#step("restored", () => this.#observeRestored());
    await this.#step("start", () => this.#start());
    await this.#step("started", () => this.#observeStarted());
    await this.#step("write-again", () => this.#write("again"));
    await this.#step("controls", () => this.#controls());
  }

  /** Runs one step: progress, journal, its rows, and the hooks that were asked for after it. */
  async #step(id: RunStep, work: () => Promise<string>): Promise<void> {
    const { journal, clock, progress, signal } = this.#context;
    signal.throwIfAborted();
    const beganAt = clock.nowMs();
    progress.stepBegan(id, titleOf(id));
    journal.append({ at: beganAt, entry: "step-began", step: id });
    try {
      const message = await work();
      const endedAt = clock.nowMs();
      journal.append({ at: endedAt, entry: "step-ended", step: id, outcome: "done", durationMs: endedAt - beganAt, message });
      progress.stepEnded("done", endedAt - beganAt, message);
    } catch (thrown) {
      const endedAt = clock.nowMs();
      const message = this.#context.secrets.redact(messageOf(thrown));
      journal.append({ at: endedAt, entry: "step-ended", step: id, outcome: "failed", durationMs: endedAt - beganAt, message });
      progress.stepEnded("failed", endedAt - beganAt, message);
      throw thrown;
    }
    await this.#runHooks(id);
  }

  async #runHooks(after: RunStep): Promise<void> {
    for (const hook of this.#context.plan.hooks.filter((candidate) => candidate.after === after)) {
      const target = { stack: this.#stack, setFolder: this.#set?.folder ?? setFolderOf(this.#context, "set"), setId: this.#set?.id ?? "", control: null };
      const { exitCode, output } = await runScript({
        script: hook.command,
        cwd: this.#context.runFolder,
        environment: await procedureEnvironment(this.#context, target),
        timeoutMs: 600_000,
        signal: this.#context.signal,
      });
      this.#context.journal.append({ at: this.#context.clock.nowMs(), entry: "intervention", after, command: hook.command, exitCode, output });
      if (exitCode !== 0) throw new MusterError("HARNESS", { message: `hook after:${after} ended with ${exitCode}: ${lastLines(output)}`, hint: "the hook runs with bash -euo pipefail" });
    }
  }

  async #up(): Promise<string> {
    await this.#stack.up();
    const connection = await this.#connect();
    await connection.ready();
    await connection[Symbol.asyncDispose]();
    const isolation = await this.#stack.probeIsolation();
    if (isolation !== undefined) this.#note("isolation", isolation.detail);
    await this.#saveStackFacts({ images: await this.#stack.images(), isolation: isolation?.detail ?? null });
    if (isolation?.isolated === false) throw new MusterError("STACK_FAILED", { message: `the drill's network has a way out: ${isolation.detail}`, hint: "set com.docker.network.bridge.enable_ip_masquerade to false in the compose file" });
    return "";
  }

  async #connect(stack: Pick<Stack, "projectName" | "endpoint" | "isRunning" | "readTree"> = this.#stack): Promise<Connection> {
    return await this.#context.system.connect(stack, { secret: (name) => this.#context.secrets.secret(name) });
  }

  async #write(epoch: Fact["epoch"]): Promise<string> {
    const { plan, clock, progress, signal, secrets } = this.#context;
    const connection = await this.#connect();
    const writer = await openTableWriter({ folder: this.#tables, table: "facts", suffix: epoch });
    try {
      const workload = connection.workload({ epoch, seed: plan.seed, scale: plan.scale });
      const { operations, notOk } = await runWorkload({
        workload,
        epoch,
        clock,
        nextSeq: () => this.#context.nextSeq(),
        record: (fact) => writer.append({ ...fact, message: fact.message === null ? null : secrets.redact(fact.message) }),
        progress: ({ done, total, perSecond }) => {
          if (done % 25 === 0) progress.detail(`${done} of ${total} calls, ${perSecond.toFixed(0)}/s, ${((total - done) / perSecond).toFixed(0)} s left`);
        },
        signal,
      });
      if (epoch !== "again") await connection.settle();
      return `${operations} calls${notOk === 0 ? "" : `, ${notOk} not acknowledged`}`;
    } finally {
      await writer.close();
      await connection[Symbol.asyncDispose]();
    }
  }

  async #observe(connection: Connection, gate: Gate, without: readonly string[] = []): Promise<string> {
    const components = this.#context.system.components.map(({ id }) => id).filter((id) => !without.includes(id));
    const rows = await observeComponents(this.#context, { connection, gate, components, tablesFolder: this.#tables });
    await this.#saveSteps(gate, rows);
    const unread = rows.filter(({ exit_code: exitCode }) => exitCode !== 0);
    for (const { component, message } of unread) this.#note(`observation of ${component} at ${gate}`, `failed: ${message ?? ""}`);
    return unread.length === 0 ? "" : `could not read ${unread.map(({ component }) => component).join(", ")}`;
  }

  async #baseline(): Promise<string> {
    const connection = await this.#connect();
    await this.#observe(connection, "baseline");
    await connection[Symbol.asyncDispose]();
    const invariants = await loadInvariants(this.#context.project.invariantFolders(this.#context.system.id));
    const checks = await judge({ sources: await sourcesOf(this.#tables), invariants, gates: ["baseline"], includeRun: false });
    const wrong = checks.filter(({ verdict }) => verdict !== "pass");
    if (wrong.length > 0) {
      const first = wrong[0]?.findings[0];
      throw new RunStopped(`the untouched system does not hold its invariants: ${wrong.map(({ id, why }) => `${id} (${why})`).join("; ")}${first === undefined ? "" : `; first: ${first.kind} ${first.subject} in ${first.component}: expected ${first.expected}, seen ${first.actual}`}`);
    }
    return `${checks.length} invariants hold`;
  }

  async #backup(): Promise<string> {
    const { set, result } = await takeSet(this.#context, this.#stack, { id: `${this.#context.runId}-1`, folder: setFolderOf(this.#context, "set"), untilTaken: false });
    this.#set = set;
    await this.#saveSteps("backup", result.rows);
    await writeTable({ folder: this.#tables, table: "cuts" }, set.cuts);
    if (result.failed !== undefined) throw new RunStopped(`block ${result.failed.block.id} of Back up ended with ${result.failed.result.exitCode}: ${lastLines(result.failed.result.output)}`);
    await this.#untilAnswering("backup");
    return `${set.files.length} files, ${megabytes(set.files.reduce((sum, { bytes }) => sum + bytes, 0))} MB`;
  }

  /** A second generation, for controls that mix two; the disaster follows, so the application is not started again. */
  async #takeSecondSet(): Promise<string> {
    const wanted = new Set(this.#context.plan.controls.map(({ fault }) => fault));
    if (!this.#context.faults.some((fault) => wanted.has(fault.id) && fault.generations === "two")) return "not needed";
    const { set, result } = await takeSet(this.#context, this.#stack, { id: `${this.#context.runId}-2`, folder: setFolderOf(this.#context, "second-set"), untilTaken: true });
    if (result.failed !== undefined) throw new RunStopped(`block ${result.failed.block.id} of Back up ended with ${result.failed.result.exitCode} in the second generation`);
    this.#secondSet = set;
    return `${set.files.length} files`;
  }

  async #destroy(): Promise<string> {
    await this.#stack.collectLogs(join(this.#context.workFolder, "logs", "before-the-disaster"));
    const before = await this.#connect();
    const receipts: Receipt[] = [...(await this.#stack.destroy())];
    const { gone, detail } = await before.probeGone();
    await before[Symbol.asyncDispose]();
    receipts.push({ about: "destruction", subject: "public API", before: "served what was written", after: gone ? "absent" : detail });
    await writeTable({ folder: this.#tables, table: "receipts" }, receipts);
    this.#note("destruction", `public API: ${detail}`);
    return `${receipts.length} receipts`;
  }

  async #restore(): Promise<string> {
    const set = this.#expectSet();
    const found = await listSet(set.folder);
    await writeTable({ folder: this.#tables, table: "artefacts" }, compareSets(set.files, found, this.#context.system.components));
    const { putBack, start } = restoreHalves(this.#context);
    const target = { stack: this.#stack, setFolder: set.folder, setId: set.id, control: null };
    const result = await runPart(this.#context, target, putBack, "restore");
    const rows: StepRow[] = [...result.rows];
    if (result.failed !== undefined) {
      const planned = this.#context.runbook.blocks.filter(({ part }) => part === "restore");
      rows.push(...start.map((block): StepRow => ({ phase: "restore", id: block.id, component: block.components.join(","), planned: planned.indexOf(block) + 1, position: null, began_at: null, ended_at: null, exit_code: null, message: null })));
    }
    await this.#saveSteps("restore", rows);
    if (result.failed !== undefined) throw new RunStopped(`block ${result.failed.block.id} of Restore ended with ${result.failed.result.exitCode}: ${lastLines(result.failed.result.output)}`);
    return `${result.rows.length} steps`;
  }

  #expectSet(): BackupSet {
    if (this.#set === undefined) throw new MusterError("HARNESS", { message: "there is no set to restore" });
    return this.#set;
  }

  /** The application stays down; where nothing runs, forks of the volumes are looked at, so that looking changes nothing. */
  async #observeRestored(): Promise<string> {
    const services = this.#context.system.stack.kind === "compose" ? this.#context.system.stack.storeServices : [];
    try {
      await using look = await this.#stack.forkForLooking(services);
      this.#note("look", `gate restored was observed on ${look.method === "live" ? "the running stores" : `forks of the volumes, made by ${look.method}`}`);
      const connection = await this.#connect(look.stack);
      const message = await this.#observe(connection, "restored", ["api"]);
      await connection[Symbol.asyncDispose]();
      return [`${look.method} forks`, message].filter((part) => part !== "").join(", ");
    } catch (thrown) {
      this.#context.signal.throwIfAborted();
      // A store that does not start on what was restored is the subject's failure: nothing there could be read.
      const at = this.#context.clock.nowMs();
      const message = this.#context.secrets.redact(messageOf(thrown));
      const unread = this.#context.system.components.filter(({ id }) => id !== "api");
      await this.#saveSteps("restored", unread.map(({ id }) => observationStep("restored", id, at, at, message)));
      this.#note("look", `nothing could be observed at gate restored: ${message}`);
      return "could not be observed";
    }
  }

  async #start(): Promise<string> {
    const set = this.#expectSet();
    const { start } = restoreHalves(this.#context);
    const result = await runPart(this.#context, { stack: this.#stack, setFolder: set.folder, setId: set.id, control: null }, start, "restore");
    await this.#saveSteps("start", result.rows);
    if (result.failed !== undefined) throw new RunStopped(`block ${result.failed.block.id} of Restore ended with ${result.failed.result.exitCode}: ${lastLines(result.failed.result.output)}`);
    await this.#untilAnswering("restore");
    return "";
  }

  /**
   * The last step of a part is Muster's own: the application answers an authenticated read and has settled. That it does
   * not is the procedure's failure, so it becomes a row that is judged.
   */
  async #untilAnswering(part: "backup" | "restore"): Promise<void> {
    const position = this.#context.runbook.blocks.filter((block) => block.part === part).length + 1;
    const beganAt = this.#context.clock.nowMs();
    const failure = await this.#answerFailure();
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
    await this.#saveSteps(`${part}-answers`, [row]);
    if (failure !== undefined) throw new RunStopped(`the application does not answer: ${failure}`);
  }

  async #answerFailure(): Promise<string | undefined> {
    try {
      const connection = await this.#connect();
      await connection.ready();
      await connection.settle();
      await connection[Symbol.asyncDispose]();
      return undefined;
    } catch (thrown) {
      this.#context.signal.throwIfAborted();
      return messageOf(thrown);
    }
  }

  async #observeStarted(): Promise<string> {
    const connection = await this.#connect();
    const message = await this.#observe(connection, "started");
    await connection[Symbol.asyncDispose]();
    return message;
  }

  /** The restored stack makes room: controls bring up stacks of their own. */
  async #controls(): Promise<string> {
    if (this.#context.plan.controls.length === 0) return "none asked for";
    await this.#stack.collectLogs(join(this.#context.workFolder, "logs", "restored"));
    if (!this.#context.keep) await this.#stack.down();
    return await runControls(this.#context, { set: this.#expectSet(), secondSet: this.#secondSet });
  }

  async #saveSteps(suffix: string, rows: readonly StepRow[]): Promise<void> {
    await writeTable({ folder: this.#tables, table: "steps", suffix }, rows.map((row) => ({ ...row, message: row.message === null ? null : this.#context.secrets.redact(row.message) })));
  }

  #note(about: string, text: string): void {
    this.#context.journal.append({ at: this.#context.clock.nowMs(), entry: "note", about, text: this.#context.secrets.redact(text) });
  }
}

function titleOf(id: RunStep): string {
  return runSteps.find(([step]) => step === id)?.[1] ?? id;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
