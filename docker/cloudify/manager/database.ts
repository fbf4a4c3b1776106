import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Config } from "./config.ts";

export type Row = Record<string, unknown>;

/** What runs SQL: the pool, or one connection inside a transaction. */
export interface Sql {
  rows<T extends object = Row>(text: string, values?: readonly unknown[]): Promise<T[]>;
  row<T extends object = Row>(text: string, values?: readonly unknown[]): Promise<T | undefined>;
}

// Columns hold UTC without a zone; the driver would read them in the zone of the process.
pg.types.setTypeParser(
  pg.types.builtins.TIMESTAMP,
  (value: string) => new Date(`${value.replace(" ", "T").slice(0, 23)}Z`),
);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Keys of advisory locks that managers over one database share. */
const advisoryLocks = { schema: 7001, executions: 7002 };
const connectTries = 60;

export class Database implements Sql {
  readonly #pool: pg.Pool;

  constructor(config: Config) {
    this.#pool = new pg.Pool({ ...config.postgres, max: 12, options: "-c TimeZone=UTC" });
    this.#pool.on("error", (problem) => console.error(`database connection lost: ${problem.message}`));
  }

  async rows<T extends object = Row>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.#pool.query<T & Row>(text, [...values])).rows;
  }

  async row<T extends object = Row>(text: string, values: readonly unknown[] = []): Promise<T | undefined> {
    return (await this.rows<T>(text, values))[0];
  }

  async transaction<T>(action: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    const rows = async <T extends object = Row>(
      text: string,
      values: readonly unknown[] = [],
    ): Promise<T[]> => (await client.query<T & Row>(text, [...values])).rows;
    const sql: Sql = {
      rows,
      row: async <T extends object = Row>(text: string, values: readonly unknown[] = []) =>
        (await rows<T>(text, values))[0],
    };
    let failure: Error | undefined;
    try {
      await client.query("BEGIN");
      const result = await action(sql);
      await client.query("COMMIT");
      return result;
    } catch (thrown) {
      await client.query("ROLLBACK").catch((problem: Error) => (failure = problem));
      throw thrown;
    } finally {
      client.release(failure);
    }
  }

  /** One at a time among all managers over this database. */
  async exclusively<T>(action: (sql: Sql) => Promise<T>): Promise<T> {
    return await this.transaction(async (sql) => {
      await sql.rows("SELECT pg_advisory_xact_lock($1)", [advisoryLocks.executions]);
      return await action(sql);
    });
  }

  /** Waits for the server and makes what is missing of the schema. */
  async prepare(): Promise<void> {
    for (let left = connectTries; ; left -= 1) {
      const problem = await this.rows("SELECT 1").then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (problem === undefined) break;
      if (left === 0) throw problem;
      await sleep(500);
    }
    const schema = await readFile(join(import.meta.dirname, "schema.sql"), "utf8");
    await this.transaction(async (sql) => {
      await sql.rows("SELECT pg_advisory_xact_lock($1)", [advisoryLocks.schema]);
      const present = await sql.row("SELECT to_regclass('public.alembic_version') AS name");
      if (present?.["name"] === null) await sql.rows(schema);
    });
  }
}
