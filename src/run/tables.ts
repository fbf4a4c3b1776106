import { openTableWriter } from "../check/table-writer.ts";
import type { Row, TableName } from "../core/tables.ts";

/** Writes all rows of a small table at once. */
export async function writeTable<Name extends TableName>(
  options: { readonly folder: string; readonly table: Name; readonly suffix?: string },
  rows: Iterable<Row<Name>>,
): Promise<void> {
  await using writer = await openTableWriter(options);
  for (const row of rows) await writer.append(row);
  await writer.close();
}
