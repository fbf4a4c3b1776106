-- title: Cycles go on after the restore, and end when they should
-- judges: (SELECT s.id FROM schedules s
--   JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c ON s.registered_at < c.began_at
--   JOIN (SELECT MAX(ended_at) AS ended_at FROM steps
--     WHERE phase = 'restore' AND id = 'application-answers' AND exit_code = 0) a ON a.ended_at IS NOT NULL
--   CROSS JOIN unbroken_watch w
--   WHERE s.policy = 'cycle' AND (s.repetitions IS NOT NULL
--     OR (w.ended_at - a.ended_at > 2 * s.interval_ms AND w.ended_at - s.due_at > s.interval_ms)))
-- needs: schedules, cuts, steps, unbroken_watch
-- gates: run
-- applies-when: cycles
-- A cycle that missed several times may make up for them with one execution. It has stopped where none came although the
-- application answered for more than two intervals. What ran between begin and end of the cuts may be kept or not.
WITH cycles AS (
  SELECT s.id, s.due_at, s.repetitions, s.interval_ms, a.ended_at AS answered_at, w.ended_at AS looked_at
  FROM schedules s
  JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c ON s.registered_at < c.began_at
  JOIN (SELECT MAX(ended_at) AS ended_at FROM steps WHERE phase = 'restore' AND id = 'application-answers' AND exit_code = 0) a
    ON a.ended_at IS NOT NULL
  CROSS JOIN unbroken_watch w
  WHERE s.policy = 'cycle'
),
counted AS (
  SELECT c.id, c.due_at, c.repetitions, c.interval_ms, c.answered_at, c.looked_at,
    SUM(CASE WHEN f.time_line IN ('kept', 'restored') THEN 1 ELSE 0 END) AS sure,
    SUM(CASE WHEN f.time_line IN ('kept', 'between') THEN 1 ELSE 0 END) AS possibly_before,
    SUM(CASE WHEN f.time_line = 'restored' THEN 1 ELSE 0 END) AS restored
  FROM cycles c
  LEFT JOIN firing_lineage f ON f.id = c.id
  GROUP BY c.id, c.due_at, c.repetitions, c.interval_ms, c.answered_at, c.looked_at
)
SELECT 'run' AS gate, 'api' AS component, 'schedule' AS kind, id AS subject,
  'at most ' || CAST(repetitions AS VARCHAR(20)) || ' executions' AS expected,
  CAST(sure AS VARCHAR(20)) || ' executions' AS actual,
  'a cycle that is finite ends' AS because
FROM counted
WHERE sure > repetitions
UNION ALL
SELECT 'run', 'api', 'schedule', id,
  'an execution after the start' AS expected,
  'none in ' || CAST(looked_at - answered_at AS VARCHAR(20)) || ' ms' AS actual,
  'it is due every ' || CAST(interval_ms AS VARCHAR(20)) || ' ms, and had not come to its end before the backup' AS because
FROM counted
WHERE restored = 0 AND looked_at - answered_at > 2 * interval_ms AND looked_at - due_at > interval_ms
  AND (repetitions IS NULL OR possibly_before < repetitions)
