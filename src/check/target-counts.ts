import { z } from "zod";
import { openDatabase } from "./database.ts";
import type { TableSources } from "./sources.ts";

const countRow = z.object({ component: z.string(), before: z.int(), after: z.int(), changed: z.int() });

/** Records of one component of a living target: before a restore, after it, and how many of the former are not as they were. */
export type TargetCount = z.infer<typeof countRow>;

/**
 * Of what must be found somewhere, because servers put their own files in another order at any time; and of components that
 * were read to the end, because of any other nothing can be said.
 */
export async function countTarget(sources: TableSources): Promise<TargetCount[]> {
  await using database = await openDatabase({ sources });
  return await database.query(
    `WITH placed AS (
       SELECT DISTINCT p.component, p.kind FROM placements p
       JOIN complete_observations c ON c.component = p.component AND c.gate = 'restored'
     ),
     lived AS (
       SELECT t.component, t.kind, t.id, t.digest, t.seq FROM target_records t
       JOIN placed p ON p.component = t.component AND p.kind = t.kind
     ),
     found AS (
       SELECT o.component, o.kind, o.id, o.digest, o.seq FROM observations o
       JOIN placed p ON p.component = o.component AND p.kind = o.kind
       WHERE o.gate = 'restored'
     ),
     kept AS (SELECT * FROM lived INTERSECT ALL SELECT * FROM found),
     counts AS (
       SELECT component, COUNT(*) AS lived, 0 AS found, 0 AS kept FROM lived GROUP BY component
       UNION ALL SELECT component, 0, COUNT(*), 0 FROM found GROUP BY component
       UNION ALL SELECT component, 0, 0, COUNT(*) FROM kept GROUP BY component
     )
     SELECT component, CAST(SUM(lived) AS BIGINT) AS before, CAST(SUM(found) AS BIGINT) AS after,
       CAST(SUM(lived) - SUM(kept) AS BIGINT) AS changed
     FROM counts GROUP BY component ORDER BY component`,
    countRow,
  );
}
