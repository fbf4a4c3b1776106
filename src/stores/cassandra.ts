import { Client, errors, policies, types } from "cassandra-driver";
import { z } from "zod";
import { MusterError, messageOf } from "../core/errors.ts";
import { digestOf } from "./digest.ts";

/** Reads tables of a Cassandra node through CQL. The only place that imports the driver. */

const defaultPageRows = 2000;
const connectLimitMs = 10_000;
const pageLimitMs = 30_000;
/** A time-out of a page is repeated, because it says nothing about the rows. */
const attemptsPerPage = 3;

/** One row of a table whose columns are all blobs: key, clustering column, value. */
export interface Cell {
  readonly key: Buffer;
  readonly column: Buffer;
  readonly value: Buffer;
}

export interface CassandraOptions {
  readonly host: string;
  readonly port: number;
  /** Where the node asks for a role and its password. */
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly localDataCenter?: string;
  readonly pageRows?: number;
  readonly connectLimitMs?: number;
}

const blob = z.instanceof(Buffer);
const cellSchema = z.object({ key: blob, column1: blob, value: blob });

/** An open session with one node. */
export class CassandraStore implements AsyncDisposable {
  readonly #client: Client;
  readonly #pageRows: number;

  private constructor(client: Client, pageRows: number) {
    this.#client = client;
    this.#pageRows = pageRows;
  }

  /** @throws MusterError STACK_FAILED when nothing answers within the limit. */
  static async open(options: CassandraOptions): Promise<CassandraStore> {
    const address = `${options.host}:${options.port}`;
    const dataCenter = options.localDataCenter ?? "datacenter1";
    const { AllowListPolicy, DCAwareRoundRobinPolicy } = policies.loadBalancing;
    const client = new Client({
      contactPoints: [address],
      ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
      localDataCenter: dataCenter,
      // Other nodes of a cluster have no port that is reached from here, so this one asks them: every node that keeps a row.
      policies: {
        loadBalancing: new AllowListPolicy(new DCAwareRoundRobinPolicy(dataCenter), [address]),
      },
      queryOptions: { consistency: types.consistencies.all },
      socketOptions: { connectTimeout: options.connectLimitMs ?? connectLimitMs, readTimeout: pageLimitMs },
      // One node that is looked at for a minute: one connection is enough, and metadata of every table is not needed.
      pooling: { coreConnectionsPerHost: { [types.distance.local]: 1 } },
      isMetadataSyncEnabled: false,
    });
    const beganAt = performance.now();
    try {
      await client.connect();
    } catch (cause) {
      await client.shutdown().catch(() => undefined); // Nothing was opened that could fail to close.
      throw new MusterError("STACK_FAILED", {
        message: `cassandra at ${options.host}:${options.port} did not answer for ${Math.round(performance.now() - beganAt)} ms (${messageOf(cause)})`,
        hint: "a node that met a corrupt SSTable stops its transports: look at its log",
        cause,
      });
    }
    return new CassandraStore(client, options.pageRows ?? defaultPageRows);
  }

  /**
   * Whether the node lets a role in with its password, told by trying.
   * @throws MusterError STACK_FAILED where it does not answer at all.
   */
  static async letsIn(
    options: CassandraOptions & Required<Pick<CassandraOptions, "credentials">>,
  ): Promise<boolean> {
    try {
      await using _session = await CassandraStore.open(options);
      return true;
    } catch (thrown) {
      if (thrown instanceof MusterError && isRejection(thrown.cause)) return false;
      throw thrown;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.shutdown();
  }

  /** Names of a keyspace's tables in order; none where the keyspace is absent. */
  async tableNames(keyspace: string): Promise<string[]> {
    const names: string[] = [];
    for await (const row of this.rows("SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?", [
      keyspace,
    ])) {
      names.push(z.string().parse(row.get("table_name")));
    }
    return names.toSorted();
  }

  /**
   * Digest of a table's columns and of the options that decide how its rows are kept. Table ids and replication are
   * left out: both legitimately differ after a restore into a new keyspace.
   */
  async tableSchemaDigest(keyspace: string, table: string): Promise<string> {
    const columns: unknown[] = [];
    const ofTable = "WHERE keyspace_name = ? AND table_name = ?";
    const columnNames = "column_name, kind, position, clustering_order, type";
    for await (const row of this.rows(`SELECT ${columnNames} FROM system_schema.columns ${ofTable}`, [
      keyspace,
      table,
    ])) {
      columns.push(columnNames.split(", ").map((name) => String(row.get(name))));
    }
    const options: unknown[] = [];
    const optionNames = "compaction, compression, default_time_to_live, gc_grace_seconds";
    for await (const row of this.rows(`SELECT ${optionNames} FROM system_schema.tables ${ofTable}`, [
      keyspace,
      table,
    ])) {
      options.push(optionNames.split(", ").map((name) => z.unknown().parse(row.get(name))));
    }
    return digestOf({ columns, options });
  }

  /** Streams a table of three blob columns in token order; the cells of one key follow each other, in column order. */
  async *cells(keyspace: string, table: string): AsyncIterable<Cell> {
    for await (const row of this.rows(`SELECT key, column1, value FROM "${keyspace}"."${table}"`)) {
      const { key, column1, value } = cellSchema.parse({
        key: row.get("key"),
        column1: row.get("column1"),
        value: row.get("value"),
      });
      yield { key, column: column1, value };
    }
  }

  /** Streams the rows of a statement page by page. */
  async *rows(statement: string, parameters: readonly string[] = []): AsyncIterable<types.Row> {
    let pageState: string | undefined;
    do {
      const page: types.ResultSet = await this.#page(statement, parameters, pageState);
      yield* page.rows;
      pageState = page.pageState ?? undefined;
    } while (pageState !== undefined);
  }

  /** Runs a statement that returns nothing. Tests use it to fill a store; observers never write. */
  async execute(statement: string, parameters: readonly (string | Buffer)[] = []): Promise<void> {
    await this.#client.execute(statement, [...parameters], { prepare: parameters.length > 0 });
  }

  async #page(
    statement: string,
    parameters: readonly string[],
    pageState: string | undefined,
  ): Promise<types.ResultSet> {
    const options = {
      prepare: true,
      fetchSize: this.#pageRows,
      ...(pageState === undefined ? {} : { pageState }),
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#client.execute(statement, [...parameters], options);
      } catch (cause) {
        if (attempt < attemptsPerPage && isTimeOut(cause)) continue;
        throw new MusterError("STACK_FAILED", {
          message: `cassandra: "${statement}" failed in attempt ${attempt} (${messageOf(cause)})`,
          hint: "look at the log of the node",
          cause,
        });
      }
    }
  }
}

/** The driver tells a rejected password as the reason why no host could be used. */
function isRejection(cause: unknown): boolean {
  if (cause instanceof errors.AuthenticationError) return true;
  if (!(cause instanceof errors.NoHostAvailableError)) return false;
  return Object.values(cause.innerErrors).some((inner) => inner instanceof errors.AuthenticationError);
}

function isTimeOut(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (thrown.name === "OperationTimedOutError") return true;
  return "code" in thrown && thrown.code === types.responseErrorCodes.readTimeout;
}
