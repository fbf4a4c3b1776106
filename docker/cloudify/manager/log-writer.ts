import type { Clock } from "./clock.ts";
import type { Sql } from "./database.ts";

export type Level = "DEBUG" | "INFO" | "WARNING" | "ERROR";

/** Where a line belongs; the execution's row may have gone when the line is written. */
interface Origin {
  readonly executionId: string;
  readonly logger?: string;
}

interface Line extends Origin {
  readonly kind: "log" | "event";
  readonly at: string;
  readonly message: string;
  readonly level?: Level;
  readonly eventType?: string;
}

/**
 * Logs and events of executions, in the database and on the standard output. While it is paused, lines are kept:
 * the restore of the database holds every table.
 */
export class LogWriter {
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #hostname: string;
  #kept: Line[] | undefined;

  constructor(sql: Sql, clock: Clock, hostname: string) {
    this.#sql = sql;
    this.#clock = clock;
    this.#hostname = hostname;
  }

  async log(origin: Origin, level: Level, message: string): Promise<void> {
    console.log(`${this.#clock.stamp()} ${level} [${origin.executionId}] ${message}`);
    await this.#take({ ...origin, kind: "log", at: this.#clock.stamp(), level, message });
  }

  async event(executionId: string, eventType: string, message: string): Promise<void> {
    await this.#take({ executionId, kind: "event", at: this.#clock.stamp(), eventType, message });
  }

  pause(): void {
    this.#kept ??= [];
  }

  async resume(): Promise<void> {
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    for (const line of kept) await this.#write(line);
  }

  async #take(line: Line): Promise<void> {
    if (this.#kept !== undefined) this.#kept.push(line);
    else await this.#write(line);
  }

  async #write(line: Line): Promise<void> {
    const { kind, executionId, at, message } = line;
    if (kind === "log") {
      await this.#sql.rows(
        `INSERT INTO logs (id, timestamp, reported_timestamp, message, logger, level, manager_name, _execution_fk, _tenant_id, _creator_id)
         SELECT gen_random_uuid()::text, $2, $2, $3, $4, $5, $6, _storage_id, _tenant_id, _creator_id FROM executions WHERE id = $1`,
        [executionId, at, message, line.logger ?? "ctx", line.level, this.#hostname],
      );
    } else {
      await this.#sql.rows(
        `INSERT INTO events (id, timestamp, reported_timestamp, message, event_type, manager_name, _execution_fk, _tenant_id, _creator_id)
         SELECT gen_random_uuid()::text, $2, $2, $3, $4, $5, _storage_id, _tenant_id, _creator_id FROM executions WHERE id = $1`,
        [executionId, at, message, line.eventType, this.#hostname],
      );
    }
  }
}
