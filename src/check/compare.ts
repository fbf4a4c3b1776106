import { z } from "zod";
import type { CheckDatabase } from "./database.ts";

/** How the restored states of two runs differ, over the records that Muster wrote. */
export interface StateDifference {
  readonly component: string;
  readonly kind: string;
  /** Epoch of the record's first write, in the run that has it. */
  readonly writtenBy: string;
  readonly same: number;
  readonly onlyInFirst: number;
  readonly onlyInSecond: number;
  /** In both, as different versions. */
  readonly otherVersion: number;
  /** A few of the records that differ. */
  readonly examples: readonly string[];
}

const exampleLimit = 5;

const recordRow = z.object({
  component: z.string(),
  kind: z.string(),
  id: z.string(),
  version: z.int(),
  epoch: z.string(),
});
type Restored = z.infer<typeof recordRow>;

/**
 * Compares what two runs of one seed restored. Calls of two lanes take their numbers as they come, so a version is compared
 * by its place among the versions of its own record; 0 where the record does not say which one it is.
 */
export async function compareStates(first: CheckDatabase, second: CheckDatabase): Promise<StateDifference[]> {
  const one = await restoredRecords(first);
  const other = await restoredRecords(second);
  const groups = new Map<string, { same: number; first: string[]; second: string[]; version: string[] }>();
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    const [a, b] = [one.get(key), other.get(key)];
    const shown = a ?? b;
    if (shown === undefined) continue;
    const groupKey = [shown.component, shown.kind, shown.epoch].join("\n");
    const group = groups.get(groupKey) ?? { same: 0, first: [], second: [], version: [] };
    groups.set(groupKey, group);
    if (b === undefined) group.first.push(shown.id);
    else if (a === undefined) group.second.push(shown.id);
    else if (a.version === b.version) group.same += 1;
    else group.version.push(shown.id);
  }
  return [...groups]
    .map(([key, group]) => {
      const [component = "", kind = "", writtenBy = ""] = key.split("\n");
      return {
        component,
        kind,
        writtenBy,
        same: group.same,
        onlyInFirst: group.first.length,
        onlyInSecond: group.second.length,
        otherVersion: group.version.length,
        examples: [...group.first, ...group.second, ...group.version].slice(0, exampleLimit),
      };
    })
    .toSorted((left, right) => keyOf(left).localeCompare(keyOf(right)));
}

function keyOf({ component, kind, writtenBy }: StateDifference): string {
  return [component, kind, writtenBy].join("\n");
}

async function restoredRecords(database: CheckDatabase): Promise<ReadonlyMap<string, Restored>> {
  const rows = await database.query(restoredQuery, recordRow);
  return new Map(rows.map((row) => [[row.component, row.kind, row.id].join("\n"), row]));
}

const restoredQuery = `
WITH seen AS (
  SELECT o.component, o.kind, o.id, MAX(o.seq) AS seq
  FROM observations o
  JOIN looked_at l ON l.component = o.component AND l.gate = o.gate
  JOIN placed_kinds p ON p.gate = o.gate AND p.component = o.component AND p.kind = o.kind AND p.has_facts = 1
  GROUP BY o.component, o.kind, o.id
),
first_writes AS (
  SELECT kind, id, ARG_MIN(epoch, seq) AS epoch FROM facts GROUP BY kind, id
)
SELECT s.component, s.kind, s.id, COALESCE(w.epoch, 'nobody') AS epoch,
  CAST(COUNT(v.seq) AS BIGINT) AS version
FROM seen s
LEFT JOIN first_writes w ON w.kind = s.kind AND w.id = s.id
LEFT JOIN versions v ON v.kind = s.kind AND v.id = s.id AND v.seq <= s.seq
GROUP BY s.component, s.kind, s.id, w.epoch`;
