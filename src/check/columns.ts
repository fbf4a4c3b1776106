import { z } from "zod";
import { tables, type TableName } from "../core/tables.ts";

/** One column of a table, as the zod schema in core/tables.ts describes it. */
export interface Column {
  readonly name: string;
  readonly type: "VARCHAR" | "BIGINT";
  readonly isNullable: boolean;
  /** Values that are allowed, where the schema lists them. */
  readonly values: readonly string[] | undefined;
}

/** Columns of a table in the order of its schema: text becomes VARCHAR, whole numbers become BIGINT. */
export function columnsOf(table: TableName): Column[] {
  return Object.entries(tables[table].shape).map(([name, schema]) => {
    const isNullable = schema instanceof z.ZodNullable;
    const inner: unknown = isNullable ? schema.unwrap() : schema;
    if (inner instanceof z.ZodEnum)
      return { name, type: "VARCHAR", isNullable, values: inner.options.map(String) };
    return { name, type: inner instanceof z.ZodString ? "VARCHAR" : "BIGINT", isNullable, values: undefined };
  });
}

/** Name of a column or file as SQL text. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Body of `CREATE TABLE` for a table. */
export function columnList(table: TableName): string {
  return columnsOf(table)
    .map(({ name, type }) => `${quoteName(name)} ${type}`)
    .join(", ");
}
