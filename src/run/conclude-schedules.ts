import { z } from "zod";
import type { CheckDatabase } from "../check/database.ts";
import type { Lateness, ScheduleResult } from "../core/report-parts.ts";

/** An execution later than this is shown as late; less is the time that any scheduler takes. */
const lateAfterMs = 5_000;
/** What is due this short before the end of the watch may still come. */
const graceMs = 5_000;

const countedSchedule = z.object({
  id: z.string(),
  dueAt: z.int(),
  policy: z.string(),
  repetitions: z.int().nullable(),
  intervalMs: z.int().nullable(),
  isInBackup: z.int(),
  kept: z.int(),
  between: z.int(),
  lost: z.int(),
  restored: z.int(),
  refused: z.int(),
  firedBefore: z.int().nullable(),
  firedSince: z.int().nullable(),
  answeredAt: z.int().nullable(),
  watchedUntil: z.int().nullable(),
});
type CountedSchedule = z.infer<typeof countedSchedule>;

/** What became of everything that was made due. */
export async function concludeSchedules(database: CheckDatabase): Promise<ScheduleResult[]> {
  return (await database.query(scheduleQuery, countedSchedule)).map((row) => ({
    id: row.id,
    dueAt: row.dueAt,
    policy: row.policy,
    firings: row.kept + row.restored,
    firedAt: row.firedSince ?? row.firedBefore,
    latenessMs: lateBy(row),
    state: stateOf(row),
  }));
}

const spanEndsMs = [50, 100, 250, 500, 1_000, 2_000, 5_000, 10_000, 60_000] as const;

/** How late what was executed since the restore was; null where nothing was. */
export function latenessOf(schedules: readonly Pick<ScheduleResult, "latenessMs">[]): Lateness | null {
  const sorted = schedules
    .flatMap(({ latenessMs }) => (latenessMs === null ? [] : [latenessMs]))
    .toSorted((left, right) => left - right);
  const max = sorted.at(-1);
  if (max === undefined) return null;
  // The smallest value that is not exceeded by this share of all.
  const share = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? max;
  const starts = [null, 0, ...spanEndsMs];
  const spans = starts.map((fromMs, at) => {
    const toMs = starts[at + 1] ?? null;
    const count = sorted.filter(
      (value) => (fromMs === null || value >= fromMs) && (toMs === null || value < toMs),
    ).length;
    return { fromMs, toMs, count };
  });
  return {
    count: sorted.length,
    early: spans[0]?.count ?? 0,
    ...{ p50Ms: share(0.5), p95Ms: share(0.95), p99Ms: share(0.99), maxMs: max },
    spans,
  };
}

/** A cycle has no one time at which it was due. */
function lateBy({ policy, dueAt, firedSince }: CountedSchedule): number | null {
  return policy === "cycle" || firedSince === null ? null : firedSince - dueAt;
}

function stateOf(row: CountedSchedule): ScheduleResult["state"] {
  if (row.policy === "cycle") return stateOfCycle(row);
  const { dueAt, kept, between, lost, restored, firedBefore, watchedUntil } = row;
  if (restored > 0 && lost > 0) return "repeated";
  const latenessMs = lateBy(row);
  if (latenessMs !== null) return latenessMs > lateAfterMs ? "late" : "on-time";
  if (row.refused > 0) return "refused";
  if (kept + between > 0) return (firedBefore ?? dueAt) - dueAt > lateAfterMs ? "late" : "on-time";
  if (row.isInBackup === 0) return "gone";
  if (watchedUntil === null) return "unknown";
  return dueAt > watchedUntil - graceMs ? "not-due" : "lost";
}

/** As in the invariant: a cycle has stopped only where two of its intervals passed without it. */
function stateOfCycle(row: CountedSchedule): ScheduleResult["state"] {
  const { kept, between, restored, repetitions, intervalMs, answeredAt, watchedUntil } = row;
  if (repetitions !== null && kept + restored >= repetitions) return "ended";
  if (restored > 0) return "going-on";
  if (repetitions !== null && kept + between >= repetitions) return "ended";
  if (row.isInBackup === 0) return "gone";
  if (answeredAt === null || watchedUntil === null) return "unknown";
  return watchedUntil - answeredAt > 2 * (intervalMs ?? 0) ? "lost" : "not-due";
}

const scheduleQuery = `
WITH own AS (
  SELECT id, due_at, MIN(policy) AS policy, MIN(repetitions) AS repetitions, MIN(interval_ms) AS interval_ms,
    MIN(registered_at) AS registered_at
  FROM schedules
  GROUP BY id, due_at
),
cut AS (SELECT MIN(began_at) AS began_at FROM cuts),
answer AS (
  SELECT MAX(ended_at) AS ended_at
  FROM steps
  WHERE phase = 'restore' AND id = 'application-answers' AND exit_code = 0
),
watch AS (SELECT MAX(ended_at) AS ended_at FROM steps WHERE phase = 'observe' AND id = 'watch-restored'),
executed AS (
  SELECT id, due_at, fired_at, CASE WHEN state = 'refused' THEN 'refused ' || time_line ELSE time_line END AS time_line
  FROM firing_lineage
  WHERE state <> 'pending'
),
counted AS (
  SELECT s.id, s.due_at, s.policy, s.repetitions, s.interval_ms, s.registered_at,
    SUM(CASE WHEN f.time_line = 'kept' THEN 1 ELSE 0 END) AS kept,
    SUM(CASE WHEN f.time_line = 'between' THEN 1 ELSE 0 END) AS between_cuts,
    SUM(CASE WHEN f.time_line = 'lost' THEN 1 ELSE 0 END) AS lost,
    SUM(CASE WHEN f.time_line = 'restored' THEN 1 ELSE 0 END) AS restored,
    SUM(CASE WHEN f.time_line = 'refused restored' THEN 1 ELSE 0 END) AS refused,
    MIN(CASE WHEN f.time_line IN ('kept', 'between') THEN f.fired_at END) AS fired_before,
    MIN(CASE WHEN f.time_line = 'restored' THEN f.fired_at END) AS fired_since
  FROM own s
  LEFT JOIN executed f
    ON f.id = s.id AND (s.policy = 'cycle' OR f.due_at IS NULL OR f.due_at = s.due_at)
  GROUP BY s.id, s.due_at, s.policy, s.repetitions, s.interval_ms, s.registered_at
)
SELECT n.id, n.due_at AS "dueAt", n.policy, n.repetitions, n.interval_ms AS "intervalMs",
  CASE WHEN c.began_at IS NULL OR n.registered_at < c.began_at THEN 1 ELSE 0 END AS "isInBackup",
  CAST(n.kept AS BIGINT) AS kept, CAST(n.between_cuts AS BIGINT) AS "between", CAST(n.lost AS BIGINT) AS lost,
  CAST(n.restored AS BIGINT) AS restored, CAST(n.refused AS BIGINT) AS refused, n.fired_before AS "firedBefore", n.fired_since AS "firedSince",
  a.ended_at AS "answeredAt", w.ended_at AS "watchedUntil"
FROM counted n
CROSS JOIN cut c
CROSS JOIN answer a
CROSS JOIN watch w
ORDER BY n.due_at, n.id`;
