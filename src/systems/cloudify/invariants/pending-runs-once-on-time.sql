-- title: What is due after the restore runs once, at its time
-- judges: (SELECT s.id FROM schedules s
--   JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c ON s.registered_at < c.began_at
--   JOIN (SELECT MAX(ended_at) AS ended_at FROM steps WHERE phase = 'restore' AND id = 'application-answers' AND exit_code = 0) a
--     ON s.due_at > a.ended_at
--   JOIN unbroken_watch w ON s.due_at < w.ended_at - 5000)
-- needs: schedules, cuts, steps, unbroken_watch
-- gates: run
-- applies-when: schedules
-- I17 and S3. Where nothing was due between the first answer of the restored manager and the end of the watch, the run shows
-- nothing of it, and says so.
WITH pending AS (
  SELECT s.id, s.due_at
  FROM schedules s
  JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c ON s.registered_at < c.began_at
  JOIN (SELECT MAX(ended_at) AS ended_at FROM steps WHERE phase = 'restore' AND id = 'application-answers' AND exit_code = 0) a
    ON s.due_at > a.ended_at
  JOIN unbroken_watch w ON s.due_at < w.ended_at - 5000
),
counted AS (
  SELECT p.id, p.due_at, COUNT(f.id) AS executions,
    SUM(CASE WHEN f.fired_at BETWEEN p.due_at - 1000 AND p.due_at + 10000 THEN 1 ELSE 0 END) AS on_time
  FROM pending p
  LEFT JOIN firing_lineage f ON f.id = p.id AND f.state = 'executed' AND f.time_line = 'restored'
  GROUP BY p.id, p.due_at
)
SELECT 'run' AS gate, 'api' AS component, 'schedule' AS kind, id AS subject,
  'one execution within 10 s of ' || CAST(due_at AS VARCHAR(20)) AS expected,
  CAST(executions AS VARCHAR(20)) || ' executions, ' || CAST(COALESCE(on_time, 0) AS VARCHAR(20)) || ' of them on time' AS actual,
  'it was scheduled before the snapshot and due after the restore' AS because
FROM counted
WHERE executions <> 1 OR COALESCE(on_time, 0) <> 1
