import { z } from "zod";
import type { ComponentPosition, LoadMeasures, Report } from "../core/report.ts";
import type { CheckDatabase } from "./database.ts";

/** Which calls a restored component contains, how far components are apart, and what load met while a backup was taken. */

/** Numbers of calls that are listed; counts are always exact. */
const listLimit = 20;

const whole = z.int();
/** A list comes as one text. */
const numbers = z.string().transform((text) => (text === "" ? [] : text.split(",").map(Number)));

const positionRow = z.object({
  component: z.string(),
  gate: z.enum(["restored", "started"]),
  lastOperation: whole.nullable(),
  lastAcknowledgedAt: whole.nullable(),
  firstOperation: whole.nullable(),
  firstAcknowledgedAt: whole.nullable(),
  missingAtBackupEnd: whole,
  missingAtDisaster: whole,
  missingOperations: numbers,
  partly: numbers,
});
const skewRow = z.object({
  one: z.string(),
  other: z.string(),
  onlyInOne: whole,
  onlyInOther: whole,
  operations: numbers,
  milliseconds: whole,
});

function callOf(operation: number | null, acknowledgedAt: number | null): ComponentPosition["lastContained"] {
  return operation === null || acknowledgedAt === null ? null : { operation, acknowledgedAt };
}

/** Position of each component in the order of calls; a component of which nothing can be told is left out. */
export async function measurePositions(
  database: CheckDatabase,
): Promise<ReadonlyMap<string, ComponentPosition>> {
  const positions = await database.query(positionQuery, positionRow);
  const skews = await database.query(skewQuery, skewRow);
  return new Map(
    positions.map((row) => [
      row.component,
      {
        gate: row.gate,
        lastContained: callOf(row.lastOperation, row.lastAcknowledgedAt),
        firstMissing: callOf(row.firstOperation, row.firstAcknowledgedAt),
        missingAtBackupEnd: row.missingAtBackupEnd,
        missingAtDisaster: row.missingAtDisaster,
        missingOperations: row.missingOperations,
        partly: row.partly,
        skew: skews.flatMap(({ one, other, onlyInOne, onlyInOther, operations, milliseconds }) => {
          if (one !== row.component && other !== row.component) return [];
          const [onlyHere, onlyThere] =
            one === row.component ? [onlyInOne, onlyInOther] : [onlyInOther, onlyInOne];
          const against = one === row.component ? other : one;
          return [{ against, onlyHere, onlyThere, operations, milliseconds }];
        }),
      },
    ]),
  );
}

/** What calls took before, during and after the backup; undefined where there was no load. */
export async function measureLoad(database: CheckDatabase): Promise<LoadMeasures | undefined> {
  const rows = await database.query(
    loadQuery,
    z.object({
      phase: z.enum(["before", "during", "after"]),
      calls: whole,
      ok: whole,
      refused: whole,
      unknown: whole,
      perSecond: z.number(),
      p50Ms: z.number().nullable(),
      p95Ms: z.number().nullable(),
      p99Ms: z.number().nullable(),
      maxMs: z.number().nullable(),
    }),
  );
  return rows.length === 0 ? undefined : rows;
}

/** Differences between the restored stores, by what they mean, with the calls that they come from. */
export async function measureDifferences(
  database: CheckDatabase,
): Promise<NonNullable<Report["recovery"]["rpo"]["differences"]>> {
  const rows = await database.query(
    differenceQuery,
    z.object({
      meaning: z.enum(["lost", "resurrected", "ghost", "torn", "repairable", "left-over"]),
      component: z.string(),
      kind: z.string(),
      subject: z.string(),
      operation: whole.nullable(),
      what: z.string(),
      total: whole,
    }),
  );
  const meanings = [...new Set(rows.map(({ meaning }) => meaning))];
  return meanings.map((meaning) => {
    const own = rows.filter((row) => row.meaning === meaning);
    return {
      meaning,
      count: own[0]?.total ?? 0,
      examples: own.map(({ component, kind, subject, operation, what }) => ({
        component,
        kind,
        subject,
        operation,
        what,
      })),
    };
  });
}

// The end of a backup is the end of its last step; what follows it is Muster's own look.
const positionQuery = `
WITH backup_end AS (
  SELECT MAX(ended_at) AS at FROM steps WHERE phase = 'backup' AND id <> 'application-answers'
),
summed AS (
  SELECT component,
    MAX(CASE WHEN state = 'whole' THEN seq END) AS last_seq,
    MIN(CASE WHEN state <> 'whole' THEN seq END) AS first_seq,
    SUM(CASE WHEN state <> 'whole' AND acked_at <= b.at THEN 1 ELSE 0 END) AS at_backup_end,
    SUM(CASE WHEN state <> 'whole' THEN 1 ELSE 0 END) AS at_disaster,
    LIST(seq ORDER BY seq) FILTER (state <> 'whole') AS missing,
    LIST(seq ORDER BY seq) FILTER (state = 'partly') AS partly
  FROM contained_operations CROSS JOIN backup_end b
  GROUP BY component
)
SELECT s.component, l.gate,
  s.last_seq AS "lastOperation", t.acked_at AS "lastAcknowledgedAt",
  s.first_seq AS "firstOperation", f.acked_at AS "firstAcknowledgedAt",
  CAST(COALESCE(s.at_backup_end, 0) AS BIGINT) AS "missingAtBackupEnd",
  CAST(s.at_disaster AS BIGINT) AS "missingAtDisaster",
  ARRAY_TO_STRING(COALESCE(s.missing, [])[1:${listLimit}], ',') AS "missingOperations",
  ARRAY_TO_STRING(COALESCE(s.partly, [])[1:${listLimit}], ',') AS "partly"
FROM summed s
JOIN looked_at l ON l.component = s.component
LEFT JOIN contained_operations t ON t.component = s.component AND t.seq = s.last_seq
LEFT JOIN contained_operations f ON f.component = s.component AND f.seq = s.first_seq
ORDER BY s.component`;

// Only calls of which both components can tell; milliseconds lie between the last call that the one and the other contains.
const skewQuery = `
WITH both_tell AS (
  SELECT a.component AS one, b.component AS other, a.seq, a.acked_at, a.state AS one_state, b.state AS other_state
  FROM contained_operations a
  JOIN contained_operations b ON b.seq = a.seq AND b.component > a.component
  JOIN looked_at l ON l.component = a.component AND l.gate = 'restored'
  JOIN looked_at m ON m.component = b.component AND m.gate = 'restored'
)
SELECT one, other,
  CAST(SUM(CASE WHEN one_state <> 'none' AND other_state = 'none' THEN 1 ELSE 0 END) AS BIGINT) AS "onlyInOne",
  CAST(SUM(CASE WHEN one_state = 'none' AND other_state <> 'none' THEN 1 ELSE 0 END) AS BIGINT) AS "onlyInOther",
  ARRAY_TO_STRING(COALESCE(LIST(seq ORDER BY seq) FILTER ((one_state = 'none') <> (other_state = 'none')), [])[1:${listLimit}], ',') AS "operations",
  COALESCE(ABS(MAX(CASE WHEN one_state <> 'none' THEN acked_at END) - MAX(CASE WHEN other_state <> 'none' THEN acked_at END)), 0) AS "milliseconds"
FROM both_tell
GROUP BY one, other
ORDER BY one, other`;

const loadQuery = `
WITH backup AS (
  SELECT MIN(began_at) AS began_at, MAX(ended_at) AS ended_at FROM steps WHERE phase = 'backup' AND id <> 'application-answers'
),
calls AS (
  SELECT f.seq, MIN(f.invoked_at) AS invoked_at, MAX(f.acked_at) AS acked_at, MIN(f.outcome) AS outcome
  FROM facts f WHERE f.epoch = 'during' GROUP BY f.seq
),
phased AS (
  SELECT c.*, CASE WHEN b.began_at IS NULL OR c.invoked_at < b.began_at THEN 'before'
    WHEN c.invoked_at <= b.ended_at THEN 'during' ELSE 'after' END AS phase
  FROM calls c CROSS JOIN backup b
)
SELECT phase, COUNT(*) AS calls,
  COUNT(*) FILTER (outcome = 'ok') AS ok,
  COUNT(*) FILTER (outcome IN ('fail', 'barred')) AS refused,
  COUNT(*) FILTER (outcome = 'unknown') AS unknown,
  ROUND(1000.0 * COUNT(*) FILTER (outcome = 'ok') / GREATEST(1, MAX(COALESCE(acked_at, invoked_at)) - MIN(invoked_at)), 1) AS "perSecond",
  CAST(QUANTILE_DISC(acked_at - invoked_at, 0.5) AS DOUBLE) AS "p50Ms",
  CAST(QUANTILE_DISC(acked_at - invoked_at, 0.95) AS DOUBLE) AS "p95Ms",
  CAST(QUANTILE_DISC(acked_at - invoked_at, 0.99) AS DOUBLE) AS "p99Ms",
  CAST(MAX(acked_at - invoked_at) AS DOUBLE) AS "maxMs"
FROM phased
GROUP BY phase
ORDER BY CASE phase WHEN 'before' THEN 1 WHEN 'during' THEN 2 ELSE 3 END`;

// An index can be built again from its store, so whatever is wrong in it alone is repairable. A row without its file is
// torn; a file without its row costs room and nothing else.
const differenceQuery = `
WITH seen AS (
  SELECT component, kind, id, MAX(seq) AS seq FROM observations WHERE gate = 'restored' GROUP BY component, kind, id
),
pairs AS (
  SELECT k.kind, k.store_component AS store, k.index_component AS idx
  FROM indexed_kinds k
  JOIN complete_observations s ON s.gate = k.gate AND s.component = k.store_component
  JOIN complete_observations i ON i.gate = k.gate AND i.component = k.index_component
  WHERE k.gate = 'restored'
),
last_writes AS (SELECT kind, id, MAX(seq) AS seq FROM versions GROUP BY kind, id),
last_deletes AS (SELECT kind, id, MAX(seq) AS seq FROM deletions GROUP BY kind, id),
alone AS (
  SELECT 'lost' AS meaning, m.component, m.kind, m.id, m.sure_seq AS operation, 'acknowledged before the cut, and absent' AS what
  FROM missing_records m WHERE m.gate = 'restored'
  UNION ALL
  SELECT 'resurrected', r.component, r.kind, r.id, r.sure_seq, 'deleted before the cut, and present'
  FROM resurrected_records r WHERE r.gate = 'restored'
  UNION ALL
  SELECT 'ghost', u.component, u.kind, u.id, w.seq, 'nothing explains it: ' || u.reason
  FROM unexplained_records u LEFT JOIN last_writes w ON w.kind = u.kind AND w.id = u.id WHERE u.gate = 'restored'
),
apart AS (
  SELECT 'repairable' AS meaning, p.idx AS component, s.kind, s.id, s.seq AS operation, 'in ' || p.store || ', and no search finds it' AS what
  FROM pairs p JOIN seen s ON s.component = p.store AND s.kind = p.kind
  LEFT JOIN seen i ON i.component = p.idx AND i.kind = p.kind AND i.id = s.id WHERE i.id IS NULL
  UNION ALL
  SELECT 'repairable', p.idx, i.kind, i.id, COALESCE(d.seq, i.seq), 'found by a search, and not in ' || p.store
  FROM pairs p JOIN seen i ON i.component = p.idx AND i.kind = p.kind
  LEFT JOIN seen s ON s.component = p.store AND s.kind = p.kind AND s.id = i.id
  LEFT JOIN last_deletes d ON d.kind = i.kind AND d.id = i.id WHERE s.id IS NULL
  UNION ALL
  SELECT 'repairable', p.idx, i.kind, i.id, s.seq, 'version ' || i.seq || ' here, version ' || s.seq || ' in ' || p.store
  FROM pairs p JOIN seen i ON i.component = p.idx AND i.kind = p.kind
  JOIN seen s ON s.component = p.store AND s.kind = p.kind AND s.id = i.id WHERE s.seq <> i.seq
  UNION ALL
  SELECT DISTINCT 'torn', l.component, l.to_kind, l.to_id, d.seq, 'a record refers to it, and it is not in ' || l.to_component
  FROM links l
  JOIN complete_observations c ON c.gate = l.gate AND c.component = l.to_component
  LEFT JOIN seen s ON s.component = l.to_component AND s.kind = l.to_kind AND s.id = l.to_id
  LEFT JOIN last_deletes d ON d.kind = l.to_kind AND d.id = l.to_id
  WHERE l.gate = 'restored' AND s.id IS NULL
  UNION ALL
  SELECT DISTINCT 'left-over', s.component, s.kind, s.id, w.seq, 'no restored record refers to it'
  FROM blob_kinds b JOIN seen s ON s.component = b.component AND s.kind = b.kind
  LEFT JOIN links l ON l.gate = 'restored' AND l.to_kind = s.kind AND l.to_id = s.id
  LEFT JOIN last_writes w ON w.kind = s.kind AND w.id = s.id
  WHERE b.gate = 'restored' AND l.to_id IS NULL AND EXISTS (SELECT 1 FROM links WHERE gate = 'restored')
),
every AS (
  SELECT * FROM alone
  UNION ALL
  SELECT a.* FROM apart a LEFT JOIN alone x ON x.component = a.component AND x.kind = a.kind AND x.id = a.id WHERE x.id IS NULL
),
numbered AS (
  SELECT *, COUNT(*) OVER (PARTITION BY meaning) AS total,
    ROW_NUMBER() OVER (PARTITION BY meaning ORDER BY operation, component, kind, id) AS place
  FROM every
)
SELECT meaning, component, kind, id AS subject, operation, what, total
FROM numbered WHERE place <= ${listLimit}
ORDER BY meaning, place`;
