import { setTimeout as sleep } from "node:timers/promises";
import { openTableWriter } from "../check/table-writer.ts";
import { openDatabase } from "../check/database.ts";
import type { TableSources } from "../check/sources.ts";
import { messageOf } from "../core/errors.ts";
import type { StackHandle } from "../core/stack.ts";
import { tables, type Firing, type Schedule } from "../core/tables.ts";
import type { ClientContext } from "./context.ts";
import { connectTo, saveSteps } from "./gate.ts";
import { observationStep } from "./observe.ts";

/** Time that what became due while the system was down may take to be executed. */
const overdueLimitMs = 20_000;
const pollMs = 500;
/** A watch that breaks is begun anew this often; then what it saw is incomplete, and nothing may be judged absent. */
const restartLimit = 5;
const pauseBeforeRestartMs = 1_000;
/** Time that a watch may take to end once it was told to. */
const endLimitMs = 30_000;

/** What was registered for good, is to fire late, and had not fired when the backup began. */
export async function overdueSchedules(sources: TableSources): Promise<Schedule[]> {
  await using database = await openDatabase({ sources });
  return await database.query(
    `SELECT s.* FROM schedules s CROSS JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c
     WHERE s.policy = 'fire-late' AND s.registered_at < c.began_at
       AND s.id NOT IN (SELECT id FROM firings WHERE fired_at < c.began_at)`,
    tables.schedules,
  );
}

/** Takes part in the application's work in the background, and keeps every scheduled execution that it sees. */
export class Watch {
  readonly #context: ClientContext;
  readonly #tablesFolder: string;
  readonly #suffix: string;
  readonly #ends = new AbortController();
  readonly #beganAt: number;
  readonly #firings: Firing[] = [];
  readonly #watching: Promise<string | undefined>;

  private constructor(
    context: ClientContext,
    options: { readonly stack: StackHandle; readonly tablesFolder: string; readonly suffix: string },
  ) {
    this.#context = context;
    this.#tablesFolder = options.tablesFolder;
    this.#suffix = options.suffix;
    this.#beganAt = context.clock.nowMs();
    this.#watching = this.#watch(options.stack);
  }

  /** Begins to watch; undefined where the system has no schedules. */
  static begin(
    context: ClientContext,
    options: { readonly stack: StackHandle; readonly tablesFolder: string; readonly suffix: string },
  ): Watch | undefined {
    return context.system.hasSchedules === true ? new Watch(context, options) : undefined;
  }

  /** @returns why the watch is incomplete; undefined where it was kept up to its end. */
  async #watch(stack: StackHandle): Promise<string | undefined> {
    for (let restarts = 0; ; restarts += 1) {
      const failure = await this.#watchOnce(stack);
      if (this.#ends.signal.aborted) return undefined;
      this.#note(`the watch "${this.#suffix}" broke: ${failure}`);
      if (restarts === restartLimit) return `it broke ${restarts + 1} times, at last: ${failure}`;
      await sleep(pauseBeforeRestartMs, undefined, { signal: this.#ends.signal }).catch(() => undefined);
    }
  }

  async #watchOnce(stack: StackHandle): Promise<string> {
    try {
      await using connection = await connectTo(this.#context, stack);
      if (connection.watch === undefined) return "the system has schedules, but nothing watches them";
      for await (const firing of connection.watch(this.#ends.signal)) this.#firings.push(firing);
      return "it ended before it was told to";
    } catch (thrown) {
      return messageOf(thrown);
    }
  }

  #note(text: string): void {
    const { journal, clock, secrets } = this.#context;
    journal.append({ at: clock.nowMs(), entry: "note", about: "watch", text: secrets.redact(text) });
  }

  /**
   * Waits, with a limit, until everything that was registered for good and is overdue was executed. What is still missing
   * then is for the invariants to say.
   */
  async untilOverdueIsDone(expected: readonly Schedule[]): Promise<void> {
    const endsAt = performance.now() + overdueLimitMs;
    while (performance.now() < endsAt) {
      const now = this.#context.clock.nowMs();
      const seen = new Set(this.#firings.map(({ id }) => id));
      if (expected.every(({ id, due_at: dueAt }) => dueAt > now || seen.has(id))) return;
      await sleep(pollMs, undefined, { signal: this.#context.signal });
    }
  }

  /** Ends the watch and writes what it saw; a watch that broke leaves a step that says so. */
  async end(): Promise<void> {
    const endedAt = this.#context.clock.nowMs();
    this.#ends.abort();
    const failure = await Promise.race([
      this.#watching,
      sleep(endLimitMs, `it did not end within ${endLimitMs} ms`, { ref: false }),
    ]);
    await using writer = await openTableWriter({
      folder: this.#tablesFolder,
      table: "firings",
      suffix: this.#suffix,
    });
    for (const firing of this.#firings) {
      const message = firing.message === null ? null : this.#context.secrets.redact(firing.message);
      await writer.append({ ...firing, message });
    }
    await writer.close();
    const row = observationStep("started", "schedules", this.#beganAt, endedAt, failure);
    await saveSteps(this.#context, this.#tablesFolder, `watch-${this.#suffix}`, [
      { ...row, id: `watch-${this.#suffix}` },
    ]);
  }
}
