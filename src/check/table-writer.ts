import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { MusterError } from "../core/errors.ts";
import type { Row, TableName } from "../core/tables.ts";
import { columnList, columnsOf, quoteText } from "./columns.ts";

/** Memory that rows may take before they spill into a folder beside the file. */
const memoryLimit = "200MB";
const rowsPerFlush = 20_000;

interface TableFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes one Parquet file of one table; the file appears, whole, when the writer is closed. */
export interface TableWriter<Name extends TableName> extends AsyncDisposable {
  append(row: Row<Name>): Promise<void>;
  /** Writes the file; a second call gives the same answer. */
  close(): Promise<TableFile>;
}

/**
 * Opens the file `<table>.parquet`, or `<table>-<suffix>.parquet`, of a run's table folder. Memory stays flat: rows
 * spill to disk. The same rows in the same order give the same bytes. Disposing without closing leaves no file.
 * @throws MusterError HARNESS when a row does not fit the table's schema.
 */
export async function openTableWriter<Name extends TableName>(options: {
  readonly folder: string;
  readonly table: Name;
  readonly suffix?: string;
}): Promise<TableWriter<Name>> {
  const { folder, table, suffix } = options;
  await mkdir(folder, { recursive: true });
  const path = join(folder, suffix === undefined ? `${table}.parquet` : `${table}-${suffix}.parquet`);
  const spillFolder = `${path}.spill`;
  // One thread keeps the order of rows, and so the bytes, the same.
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: memoryLimit,
    temp_directory: spillFolder,
  });
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE written (${columnList(table)})`);
  const appender = await connection.createAppender("written");
  const append = rowAppender(appender, table);
  let rows = 0;
  let closed: Promise<TableFile> | undefined;

  async function release(): Promise<void> {
    connection.closeSync();
    instance.closeSync();
    await rm(spillFolder, { recursive: true, force: true });
  }

  return {
    append(row) {
      append(row);
      rows += 1;
      if (rows % rowsPerFlush === 0) appender.flushSync();
      return Promise.resolve();
    },
    close() {
      closed ??= (async () => {
        appender.closeSync();
        await copyToParquet(connection, path);
        await release();
        return { path, rows, bytes: (await stat(path)).size, sha256: await sha256Of(path) };
      })();
      return closed;
    },
    async [Symbol.asyncDispose]() {
      if (closed !== undefined) return;
      closed = Promise.reject(
        new MusterError("HARNESS", { message: `${path}: was given up before it was closed` }),
      );
      closed.catch(() => undefined); // Only a later close() is to see it.
      appender.closeSync();
      await release();
    },
  };
}

async function copyToParquet(connection: DuckDBConnection, path: string): Promise<void> {
  const partial = `${path}.partial`;
  await connection.run(`COPY written TO ${quoteText(partial)} (FORMAT parquet, COMPRESSION zstd)`);
  await rename(partial, path);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/**
 * A function that validates rows of a table and appends them; used for files and for tables in memory. Each value is held
 * against its column only, because a full parse of each of a million rows would take longer than writing them.
 */
export function rowAppender(
  appender: DuckDBAppender,
  table: TableName,
): (row: Readonly<Record<string, unknown>>) => void {
  const columns = columnsOf(table).map((column) => ({ ...column, allowed: new Set<unknown>(column.values) }));
  const ensureFits = (row: Readonly<Record<string, unknown>>): void => {
    for (const { name, type, values, isNullable, allowed } of columns) {
      const value = row[name];
      const fits =
        (value === null && isNullable) ||
        (type === "BIGINT"
          ? Number.isSafeInteger(value)
          : typeof value === "string" && (values === undefined || allowed.has(value)));
      if (!fits) throw unfit(table, name, value);
    }
  };
  return (row) => {
    ensureFits(row); // Before the first value: half a row could not be taken back.
    for (const { name } of columns) {
      const value = row[name];
      if (typeof value === "string") appender.appendVarchar(value);
      else if (typeof value === "number") appender.appendBigInt(BigInt(value));
      else appender.appendNull();
    }
    appender.endRow();
  };
}

function unfit(table: TableName, column: string, value: unknown): MusterError {
  const seen = value === undefined ? "nothing" : JSON.stringify(value);
  return new MusterError("HARNESS", {
    message: `a row of table ${table} does not fit: ${column}: seen ${seen}`,
    hint: "columns and their types are in src/core/tables.ts",
  });
}
