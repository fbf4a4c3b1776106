import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { z } from "zod";
import { MusterError, messageOf } from "../core/errors.ts";
import { type Row, type TableName, tableNames } from "../core/tables.ts";
import { columnList, columnsOf, quoteName, quoteText } from "./columns.ts";
import type { TableSources } from "./sources.ts";
import { rowAppender } from "./table-writer.ts";

/** Rows given directly, for tests of invariants and for tools that have no files. */
export type TableRows = { readonly [Name in TableName]?: readonly Row<Name>[] };

export type DatabaseInput = { readonly sources: TableSources } | { readonly rows: TableRows };

/** The tables of a run and the relations derived from them; read only, without network and without other files. */
export interface CheckDatabase extends AsyncDisposable {
  /** Rows of a query, each parsed by `schema`; 64-bit numbers come as numbers. */
  query<Shape extends z.ZodType>(sql: string, schema: Shape): Promise<z.output<Shape>[]>;
  run(sql: string): Promise<void>;
  /** Names of the tables and of the derived relations. */
  readonly relations: readonly string[];
}

/** What does not fit goes to disk: the whole process stays below 2 GB. */
const memoryLimit = "1200MB";
const viewsFolder = join(dirname(fileURLToPath(import.meta.url)), "views");

/** A derived relation: one file `<number>-<relation>.sql` with one SELECT. */
interface DerivedRelation {
  readonly name: string;
  readonly file: string;
  readonly sql: string;
}

/** Derived relations in the order in which each may use those before it. */
async function derivedRelations(): Promise<DerivedRelation[]> {
  const names = (await readdir(viewsFolder)).filter((name) => name.endsWith(".sql")).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const file = join(viewsFolder, name);
      return {
        name: name.replace(/^\d+-/, "").replace(/\.sql$/, ""),
        file,
        sql: await readFile(file, "utf8"),
      };
    }),
  );
}

/**
 * Opens the tables of a run and computes the derived relations once.
 * @throws MusterError BAD_RUN_FOLDER when a file cannot be read as the table that its name says.
 */
export async function openDatabase(input: DatabaseInput): Promise<CheckDatabase> {
  const spillFolder = await mkdtemp(join(tmpdir(), "muster-check-"));
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(Math.min(4, availableParallelism())),
    memory_limit: memoryLimit,
    temp_directory: spillFolder,
    // Every answer that is shown is ordered by its query.
    preserve_insertion_order: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
  });
  const connection = await instance.connect();
  const close = async (): Promise<void> => {
    connection.closeSync();
    instance.closeSync();
    await rm(spillFolder, { recursive: true, force: true });
  };
  try {
    const relations = await derivedRelations();
    await fillTables(connection, input);
    await deriveRelations(connection, relations);
    return {
      relations: [...tableNames, ...relations.map(({ name }) => name)],
      query: async (sql, schema) => await queryRows(connection, sql, schema),
      run: async (sql) => {
        await connection.run(sql);
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function fillTables(connection: DuckDBConnection, input: DatabaseInput): Promise<void> {
  if ("rows" in input) {
    for (const table of tableNames) await fillFromRows(connection, table, input.rows[table] ?? []);
    await lock(connection, []);
    return;
  }
  for (const table of tableNames) await viewOverFiles(connection, table, input.sources[table]);
  await lock(connection, Object.values(input.sources).flat());
}

async function fillFromRows(
  connection: DuckDBConnection,
  table: TableName,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  await connection.run(`CREATE TABLE ${table} (${columnList(table)})`);
  const appender = await connection.createAppender(table);
  const append = rowAppender(appender, table);
  for (const row of rows) append(row);
  appender.closeSync();
}

async function viewOverFiles(
  connection: DuckDBConnection,
  table: TableName,
  files: readonly string[],
): Promise<void> {
  if (files.length === 0) {
    await connection.run(`CREATE TABLE ${table} (${columnList(table)})`);
    return;
  }
  const columns = columnsOf(table).map(
    ({ name, type }) => `CAST(${quoteName(name)} AS ${type}) AS ${quoteName(name)}`,
  );
  const list = files.map((file) => quoteText(file)).join(", ");
  try {
    await connection.run(`CREATE VIEW ${table} AS SELECT ${columns.join(", ")} FROM read_parquet([${list}])`);
  } catch (thrown) {
    throw new MusterError("BAD_RUN_FOLDER", {
      message: `table ${table} cannot be read from ${files.join(", ")}: ${messageOf(thrown)}`,
      hint: "the file is damaged or was written by another version",
      cause: thrown,
    });
  }
}

/** From here on a query reads these files and nothing else, and cannot lift that again. */
async function lock(connection: DuckDBConnection, files: readonly string[]): Promise<void> {
  await connection.run(`SET allowed_paths = [${files.map((file) => quoteText(file)).join(", ")}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
}

async function deriveRelations(
  connection: DuckDBConnection,
  relations: readonly DerivedRelation[],
): Promise<void> {
  for (const { name, file, sql } of relations) {
    try {
      await connection.run(`CREATE TABLE ${quoteName(name)} AS ${sql}`);
    } catch (thrown) {
      throw new MusterError("HARNESS", { message: `${file}: ${messageOf(thrown)}`, cause: thrown });
    }
  }
}

async function queryRows<Shape extends z.ZodType>(
  connection: DuckDBConnection,
  sql: string,
  schema: Shape,
): Promise<z.output<Shape>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjects().map((row) => {
    const plain = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
    );
    return schema.parse(plain);
  });
}
