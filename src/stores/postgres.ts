import { Client, types } from "pg";
import { MusterError, messageOf } from "../core/errors.ts";

/** Reads tables of a PostgreSQL server, directly and without the application in front of it. */

interface PostgresOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const connectLimitMs = 10_000;
const queryLimitMs = 60_000;

// A `timestamp` has no zone; the driver would take it for local time of this machine.
const asText = (value: string): string => value;

/** An open session; what one method reads is one statement and so one moment. */
export class PostgresStore implements AsyncDisposable {
  readonly #client: Client;
  readonly #address: string;

  private constructor(client: Client, address: string) {
    this.#client = client;
    this.#address = address;
  }

  /** @throws MusterError STACK_FAILED where the server does not answer or refuses the user. */
  static async open(options: PostgresOptions): Promise<PostgresStore> {
    const client = new Client({
      ...options,
      connectionTimeoutMillis: connectLimitMs,
      statement_timeout: queryLimitMs,
      query_timeout: queryLimitMs,
      types: {
        getTypeParser: (oid: Parameters<typeof types.getTypeParser>[0], format?: "text" | "binary") =>
          oid === types.builtins.TIMESTAMP ? asText : types.getTypeParser(oid, format),
      },
    });
    // A server that goes away between two statements is told by the next of them.
    client.on("error", () => undefined);
    const store = new PostgresStore(client, `${options.host}:${options.port}`);
    await store.#ask("connect", () => client.connect());
    return store;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  /** Rows of one statement, as plain objects; timestamps without zone are text. */
  async rows(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const { rows } = await this.#ask("read", () => this.#client.query(statement));
    return rows as Readonly<Record<string, unknown>>[];
  }

  async #ask<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (cause) {
      throw new MusterError("STACK_FAILED", {
        message: `postgresql at ${this.#address} could not ${what} (${messageOf(cause)})`,
        hint: "look at the log of the server",
        cause,
      });
    }
  }
}
