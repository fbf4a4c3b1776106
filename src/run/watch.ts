import { setTimeout as sleep } from "node:timers/promises";
import { openTableWriter } from "../check/table-writer.ts";
import { openDatabase } from "../check/database.ts";
import type { TableSources } from "../check/sources.ts";
import { messageOf } from "../core/errors.ts";
import type { StackHandle } from "../core/stack.ts";
import { tables, type Firing, type Schedule } from "../core/tables.ts";
import type { RunContext } from "./context.ts";
import { connectTo, saveSteps } from "./gate.ts";
import { observationStep } from "./observe.ts";

/** Time that what became due while the system was down may take to be executed. */
const overdueLimitMs = 20_000;
const pollMs = 500;

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
  readonly #context: RunContext;
  readonly #tablesFolder: string;
  readonly #suffix: string;
  readonly #ends = new AbortController();
  readonly #beganAt: number;
  readonly #firings: Firing[] = [];
  readonly #watching: Promise<string | undefined>;

  private constructor(
    context: RunContext,
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
    context: RunContext,
    options: { readonly stack: StackHandle; readonly tablesFolder: string; readonly suffix: string },
  ): Watch | undefined {
    return context.system.hasSchedules === true ? new Watch(context, options) : undefined;
  }

  async #watch(stack: StackHandle): Promise<string | undefined> {
    try {
      await using connection = await connectTo(this.#context, stack);
      if (connection.watch === undefined) return "the system has schedules, but nothing watches them";
      for await (const firing of connection.watch(this.#ends.signal)) this.#firings.push(firing);
      return undefined;
    } catch (thrown) {
      return messageOf(thrown);
    }
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
    this.#ends.abort();
    const failure = await this.#watching;
    await using writer = await openTableWriter({
      folder: this.#tablesFolder,
      table: "firings",
      suffix: this.#suffix,
    });
    for (const firing of this.#firings) await writer.append(firing);
    await writer.close();
    const row = observationStep("started", "schedules", this.#beganAt, this.#context.clock.nowMs(), failure);
    await saveSteps(this.#context, this.#tablesFolder, `watch-${this.#suffix}`, [
      { ...row, id: `watch-${this.#suffix}` },
    ]);
  }
}
