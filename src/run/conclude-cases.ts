import type { CheckDatabase } from "../check/database.ts";
import { caseSchema, type ProvedCase } from "../core/report-parts.ts";

/** Calls of epoch `again` that have something to say: what was expected, and what was seen. */
export async function concludeCases(database: CheckDatabase): Promise<ProvedCase[]> {
  return await database.query(
    `SELECT kind, id, outcome, message AS words FROM facts WHERE epoch = 'again' AND message IS NOT NULL ORDER BY seq, kind, id`,
    caseSchema,
  );
}
