import { z } from "zod";
import type { ComponentRpo, Report } from "../core/report.ts";
import type { Database } from "./database.ts";

const number = z.coerce.number().int();

const rpoRows = z.array(
  z.object({
    component: z.string(),
    lost: number,
    resurrected: number,
    unexplained: number,
    after_cut: number,
    began_at: number.nullable(),
    ended_at: number.nullable(),
    last_write_at: number.nullable(),
  }),
);

/**
 * What each component lost, at the first gate that saw it after the restore. `windowMs` is the time between the begin of
 * the component's cut and the last write acknowledged before the disaster.
 */
export async function measureRpo(database: Database): Promise<ComponentRpo[]> {
  const rows = rpoRows.parse(await database.query(rpoQuery));
  return rows.map((row) => ({
    component: row.component,
    lostAcknowledged: row.lost,
    resurrected: row.resurrected,
    unexplained: row.unexplained,
    afterCut: row.after_cut,
    cutBeganAt: row.began_at,
    cutEndedAt: row.ended_at,
    windowMs: row.began_at === null || row.last_write_at === null ? null : Math.max(0, row.last_write_at - row.began_at),
  }));
}

const rpoQuery = `
WITH first_gate AS (
  SELECT c.component, min(o.place) AS place FROM complete_observations c JOIN gate_order o ON o.gate = c.gate
  WHERE c.gate <> 'baseline' GROUP BY c.component
), at_gate AS (SELECT f.component, o.gate FROM first_gate f JOIN gate_order o ON o.place = f.place)
SELECT m.component,
  (SELECT count(*) FROM expected_records e LEFT JOIN seen s ON s.gate = e.gate AND s.component = e.component AND s.kind = e.kind AND s.id = e.id
   WHERE e.gate = m.gate AND e.component = m.component AND e.must_exist = 1 AND s.id IS NULL) AS lost,
  (SELECT count(*) FROM expected_records e JOIN seen s ON s.gate = e.gate AND s.component = e.component AND s.kind = e.kind AND s.id = e.id
   WHERE e.gate = m.gate AND e.component = m.component AND e.must_be_absent = 1 AND e.sure_op = 'delete') AS resurrected,
  (SELECT count(*) FROM expected_records e JOIN seen s ON s.gate = e.gate AND s.component = e.component AND s.kind = e.kind AND s.id = e.id
   WHERE e.gate = m.gate AND e.component = m.component AND e.must_be_absent = 1 AND e.sure_seq IS NULL) AS unexplained,
  (SELECT count(DISTINCT v.seq) FROM versions v JOIN placed p ON p.gate = m.gate AND p.component = m.component AND p.kind = v.kind
   WHERE v.outcome = 'ok' AND v.invoked_at > m.ended_at) AS after_cut,
  m.began_at, m.ended_at,
  (SELECT max(v.acked_at) FROM versions v WHERE v.outcome = 'ok') AS last_write_at
FROM at_gate a JOIN moments m ON m.gate = a.gate AND m.component = a.component
ORDER BY m.component`;

const countRows = z.array(z.object({ component: z.string(), kind: z.string(), baseline: number.nullable(), restored: number.nullable(), started: number.nullable() }));

/** Records by component and kind at each gate; null where the component was not read at that gate. */
export async function countRecords(database: Database): Promise<Report["counts"]> {
  return countRows.parse(await database.query(countQuery));
}

const perGate = (gate: string) => `
  CASE WHEN max(CASE WHEN c.gate = '${gate}' THEN 1 ELSE 0 END) = 0 THEN NULL
       ELSE sum(CASE WHEN n.gate = '${gate}' AND c.gate = '${gate}' THEN n.records ELSE 0 END) END AS ${gate}`;

const countQuery = `
SELECT k.component, k.kind, ${perGate("baseline")}, ${perGate("restored")}, ${perGate("started")}
FROM (SELECT DISTINCT component, kind FROM seen) k
LEFT JOIN complete_observations c ON c.component = k.component
LEFT JOIN (SELECT gate, component, kind, count(*) AS records FROM seen GROUP BY gate, component, kind) n
  ON n.component = k.component AND n.kind = k.kind AND n.gate = c.gate
GROUP BY k.component, k.kind ORDER BY k.component, k.kind`;
