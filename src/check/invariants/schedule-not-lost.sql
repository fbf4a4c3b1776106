-- title: Nothing that was scheduled is forgotten
-- judges: (SELECT s.id FROM schedules s JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c ON s.registered_at < c.began_at
--   JOIN unbroken_watch w ON s.due_at < w.ended_at - 5000 WHERE s.policy <> 'cycle')
-- needs: schedules, cuts, steps, unbroken_watch
-- gates: run
-- applies-when: schedules
-- Any firing speaks, also one that says that the execution was refused or is still pending: then nothing was forgotten.
-- What fired only after the backup and before the disaster has to fire again: the restored system knows nothing of it.
-- What fired while the backup was taken may be in it or not, so both are right. What was due in the last 5 seconds of the
-- watch may still come.
SELECT 'run' AS gate, 'api' AS component, 'schedule' AS kind, s.id AS subject,
  'an execution due at ' || CAST(s.due_at AS VARCHAR(20)) || ' (' || s.policy || ')' AS expected,
  CASE WHEN l.id IS NULL THEN 'no trace of it' ELSE 'an execution in the lost time line only' END AS actual,
  'it was registered before the first cut began and was due before the last look, and the restored application did not execute it' AS because
FROM schedules s
JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c ON s.registered_at < c.began_at
JOIN unbroken_watch w ON s.due_at < w.ended_at - 5000
LEFT JOIN (SELECT DISTINCT id, COALESCE(due_at, -1) AS due_at FROM firing_lineage WHERE time_line <> 'lost') f
  ON f.id = s.id AND (f.due_at = s.due_at OR f.due_at = -1)
LEFT JOIN (SELECT DISTINCT id FROM firing_lineage WHERE time_line = 'lost') l ON l.id = s.id
WHERE f.id IS NULL AND s.policy <> 'cycle'
