import { z } from "zod";
import type { ComponentRpo, LoadMeasures, Report } from "../core/report.ts";
import type { CheckDatabase } from "./database.ts";
import { measureDifferences, measureLoad, measurePositions } from "./measure-operations.ts";

/** What a run measured, beside the verdicts. */
export interface Measures {
  readonly perComponent: ComponentRpo[];
  /** Of the application: a record counts once, however many components lost it. */
  readonly distinct: DistinctLoss;
  readonly counts: Report["counts"];
  /** Steps of the restore that were begun, in order. */
  readonly phases: Report["recovery"]["phases"];
  readonly differences: NonNullable<Report["recovery"]["rpo"]["differences"]>;
  readonly load: LoadMeasures | undefined;
}

export type DistinctLoss = Readonly<Record<"lostAcknowledged" | "resurrected" | "unexplained", number>>;

/** Measures loss by component, records by gate, and time by step of the restore. */
export async function measureDatabase(database: CheckDatabase): Promise<Measures> {
  const nullableWhole = z.int().nullable();
  const positions = await measurePositions(database);
  const losses = await database.query(
    rpoQuery,
    z.object({
      component: z.string(),
      lostAcknowledged: nullableWhole,
      resurrected: nullableWhole,
      unexplained: nullableWhole,
      afterCut: z.int(),
      cutBeganAt: nullableWhole,
      cutEndedAt: nullableWhole,
      windowMs: nullableWhole,
    }),
  );
  const [distinct] = await database.query(
    distinctQuery,
    z.object({ lostAcknowledged: z.int(), resurrected: z.int(), unexplained: z.int() }),
  );
  if (distinct === undefined) throw new RangeError("a count without GROUP BY has one row");
  return {
    perComponent: losses.map((loss) => {
      const position = positions.get(loss.component);
      return position === undefined ? loss : { ...loss, position };
    }),
    distinct,
    differences: await measureDifferences(database),
    load: await measureLoad(database),
    counts: await database.query(
      countQuery,
      z.object({
        component: z.string(),
        kind: z.string(),
        baseline: nullableWhole,
        restored: nullableWhole,
        started: nullableWhole,
      }),
    ),
    phases: await database.query(
      phaseQuery,
      z.object({ id: z.string(), component: z.string(), beganAt: z.int(), durationMs: z.int() }),
    ),
  };
}

// A record counts once, whichever gates showed it. A record that came back with the content of an older version has
// lost its last acknowledged write just as well. Of a component that was not read to its end after the restore, what was
// found is counted; that nothing was found there says nothing.
const lossTables = `
WITH stale AS (
  SELECT o.component, o.kind, o.id
  FROM observations o
  JOIN expected_records e ON e.gate = o.gate AND e.component = o.component AND e.kind = o.kind AND e.id = o.id
  JOIN fact_digest_places p ON p.component = o.component AND p.kind = o.kind
  JOIN versions v ON v.kind = o.kind AND v.id = o.id AND v.digest = o.digest AND v.seq < e.sure_seq
  LEFT JOIN allowed_digests a
    ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id AND a.digest = o.digest
  WHERE o.gate <> 'baseline' AND e.must_exist = 1 AND a.id IS NULL
),
lost_records AS (
  SELECT component, kind, id FROM missing_records WHERE gate <> 'baseline'
  UNION SELECT component, kind, id FROM stale
),
back_records AS (SELECT DISTINCT component, kind, id FROM resurrected_records WHERE gate <> 'baseline'),
ghost_records AS (SELECT DISTINCT component, kind, id FROM unexplained_records WHERE gate <> 'baseline')`;

const distinctQuery = `${lossTables}
SELECT
  (SELECT COUNT(*) FROM (SELECT DISTINCT kind, id FROM lost_records) l) AS "lostAcknowledged",
  (SELECT COUNT(*) FROM (SELECT DISTINCT kind, id FROM back_records) b) AS "resurrected",
  (SELECT COUNT(*) FROM (SELECT DISTINCT kind, id FROM ghost_records) g) AS "unexplained"`;

const rpoQuery = `${lossTables},
components AS (SELECT DISTINCT component FROM placements),
lost AS (SELECT component, COUNT(*) AS records FROM lost_records GROUP BY component),
back AS (SELECT component, COUNT(*) AS records FROM back_records GROUP BY component),
ghosts AS (SELECT component, COUNT(*) AS records FROM ghost_records GROUP BY component),
own AS (SELECT component, MIN(began_at) AS began_at, MAX(ended_at) AS ended_at FROM cuts GROUP BY component),
later AS (
  SELECT m.component, COUNT(*) AS writes
  FROM moments m
  JOIN (SELECT DISTINCT component, kind FROM placements) p ON p.component = m.component
  JOIN versions v ON v.kind = p.kind
  WHERE m.gate = 'restored' AND v.outcome = 'ok' AND v.invoked_at >= m.ended_at
  GROUP BY m.component
),
seen AS (SELECT DISTINCT component FROM complete_observations WHERE gate <> 'baseline'),
last_write AS (SELECT MAX(acked_at) AS acked_at FROM versions WHERE outcome = 'ok')
SELECT c.component,
  COALESCE(l.records, CASE WHEN s.component IS NOT NULL THEN 0 END) AS "lostAcknowledged",
  COALESCE(b.records, CASE WHEN s.component IS NOT NULL THEN 0 END) AS "resurrected",
  COALESCE(g.records, CASE WHEN s.component IS NOT NULL THEN 0 END) AS "unexplained",
  COALESCE(w.writes, 0) AS "afterCut",
  o.began_at AS "cutBeganAt",
  o.ended_at AS "cutEndedAt",
  CASE WHEN t.acked_at < o.began_at THEN 0 ELSE t.acked_at - o.began_at END AS "windowMs"
FROM components c
CROSS JOIN last_write t
LEFT JOIN lost l ON l.component = c.component
LEFT JOIN back b ON b.component = c.component
LEFT JOIN ghosts g ON g.component = c.component
LEFT JOIN own o ON o.component = c.component
LEFT JOIN seen s ON s.component = c.component
LEFT JOIN later w ON w.component = c.component
ORDER BY c.component`;

// A component that was not read completely has no count; one that was read and held nothing of a kind has 0.
const countQuery = `
WITH kinds AS (
  SELECT component, kind FROM placements
  UNION SELECT component, kind FROM observed_records
),
counted AS (
  SELECT gate, component, kind, CAST(SUM(copies) AS BIGINT) AS records FROM observed_records GROUP BY gate, component, kind
),
cells AS (
  SELECT k.component, k.kind, d.gate, COALESCE(n.records, 0) AS records
  FROM kinds k
  JOIN complete_observations d ON d.component = k.component
  LEFT JOIN counted n ON n.gate = d.gate AND n.component = k.component AND n.kind = k.kind
)
SELECT k.component, k.kind,
  MAX(CASE WHEN c.gate = 'baseline' THEN c.records END) AS "baseline",
  MAX(CASE WHEN c.gate = 'restored' THEN c.records END) AS "restored",
  MAX(CASE WHEN c.gate = 'started' THEN c.records END) AS "started"
FROM kinds k
LEFT JOIN cells c ON c.component = k.component AND c.kind = k.kind
GROUP BY k.component, k.kind
ORDER BY k.component, k.kind`;

const phaseQuery = `
SELECT id, component, began_at AS "beganAt", COALESCE(ended_at, began_at) - began_at AS "durationMs"
FROM steps
WHERE phase = 'restore' AND began_at IS NOT NULL
ORDER BY position, began_at, id`;
