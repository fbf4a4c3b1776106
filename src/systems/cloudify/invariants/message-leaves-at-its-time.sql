-- title: What waits is set for its time, by the queue's delay or by the schedule's next time
-- judges: (SELECT d.gate, d.id FROM observations d
--   JOIN observations r ON r.gate = d.gate AND r.kind = 'scheduled-row' AND r.id = d.id AND r.seq IS NOT NULL
--   JOIN (SELECT DISTINCT phase FROM steps WHERE phase = 'restore' AND began_at IS NOT NULL AND component LIKE '%broker%') p ON 1 = 1
--   WHERE d.kind = 'scheduled-delay' AND d.gate IN ('restored', 'started')
--   UNION SELECT n.gate, n.id FROM observations n JOIN schedules s ON s.id = n.id AND s.repetitions IS NULL
--   WHERE n.kind = 'schedule-next' AND n.seq IS NOT NULL AND n.gate IN ('restored', 'started'))
-- needs: observations, steps
-- gates: restored, started
-- needs-complete: store
-- I10, I11, K1, K2. A queue keeps its message for a time that is counted from when it was put there, which was while a step of
-- Restore that names the broker ran. By a clock that is right, due time less delay lies within that step, and by a manager's
-- clock that is ahead or behind it does not, and the execution comes too early or too late by as much. Two seconds are
-- allowed for rounding. A delay of ten years, the broker's longest, is put into the queue again when it is over. A schedule
-- with a rule has a next time, which is its first one and a whole number of intervals, and once the manager is back in
-- service not one that has passed by more than the ten seconds in which it looks.
WITH put AS (
  SELECT MIN(began_at) - 2000 AS began_at, MAX(ended_at) + 2000 AS ended_at
  FROM steps
  WHERE phase = 'restore' AND began_at IS NOT NULL
    AND component LIKE '%broker%'
)
SELECT d.gate, d.component, 'scheduled-message' AS kind, d.id AS subject,
  'leaves at ' || CAST(r.seq AS VARCHAR(20)) AS expected,
  CASE WHEN d.seq IS NULL THEN 'never leaves'
    WHEN r.seq - d.seq < p.began_at THEN 'leaves at least ' || CAST(p.began_at - (r.seq - d.seq) AS VARCHAR(20)) || ' ms late'
    ELSE 'leaves at least ' || CAST(r.seq - d.seq - p.ended_at AS VARCHAR(20)) || ' ms early' END AS actual,
  'it was put into its queue by another clock than that of the other machines' AS because
FROM observations d
JOIN observations r ON r.gate = d.gate AND r.kind = 'scheduled-row' AND r.id = d.id AND r.seq IS NOT NULL
CROSS JOIN put p
WHERE d.kind = 'scheduled-delay' AND d.gate IN ('restored', 'started')
  AND (d.seq IS NULL OR (d.seq < 315360000000 AND (r.seq - d.seq < p.began_at OR r.seq - d.seq > p.ended_at)))
UNION ALL
SELECT n.gate, n.component, 'schedule', n.id,
  'first at ' || CAST(s.due_at AS VARCHAR(20)) || COALESCE(' and every ' || CAST(s.interval_ms AS VARCHAR(20)) || ' ms', ''),
  'next at ' || CAST(n.seq AS VARCHAR(20)),
  CASE WHEN n.gate = 'started' AND n.seq < l.began_at - 10000 THEN 'that time has passed' ELSE 'the rule has no such time' END
FROM observations n
JOIN schedules s ON s.id = n.id AND s.repetitions IS NULL
JOIN steps l ON l.phase = 'observe' AND l.id = n.gate AND l.component = n.component AND l.exit_code = 0
WHERE n.kind = 'schedule-next' AND n.seq IS NOT NULL AND n.gate IN ('restored', 'started')
  AND ((s.interval_ms IS NULL AND n.seq <> s.due_at) OR (s.interval_ms IS NOT NULL AND MOD(n.seq - s.due_at, s.interval_ms) <> 0)
    OR n.seq < s.due_at OR (n.gate = 'started' AND n.seq < l.began_at - 10000))
