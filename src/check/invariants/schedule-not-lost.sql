-- title: Nothing that was scheduled is forgotten
-- judges: (SELECT s.id FROM schedules s JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c ON s.registered_at < c.began_at
--   JOIN (SELECT MAX(ended_at) AS ended_at FROM steps WHERE phase = 'observe' AND id = 'started' AND exit_code = 0) e
--   ON s.due_at < e.ended_at WHERE s.policy <> 'cycle')
-- needs: schedules, cuts, steps
-- gates: run
-- applies-when: schedules
-- Any firing speaks, also one that says that the execution was refused or is still pending: then nothing was forgotten.
-- What fired only after the backup and before the disaster has to fire again: the restored system knows nothing of it.
SELECT 'run' AS gate, 'api' AS component, 'schedule' AS kind, s.id AS subject,
  'an execution due at ' || CAST(s.due_at AS VARCHAR(20)) || ' (' || s.policy || ')' AS expected,
  CASE WHEN l.id IS NULL THEN 'no trace of it' ELSE 'an execution in the lost time line only' END AS actual,
  'it was registered before the first cut began and was due before the last look, and the restored application did not execute it' AS because
FROM schedules s
JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c ON s.registered_at < c.began_at
JOIN (SELECT MAX(ended_at) AS ended_at FROM steps WHERE phase = 'observe' AND id = 'started' AND exit_code = 0) e
  ON s.due_at < e.ended_at
LEFT JOIN (SELECT DISTINCT id, COALESCE(due_at, -1) AS due_at FROM firing_lineage WHERE time_line <> 'lost') f
  ON f.id = s.id AND (f.due_at = s.due_at OR f.due_at = -1)
LEFT JOIN (SELECT DISTINCT id FROM firing_lineage WHERE time_line = 'lost') l ON l.id = s.id
WHERE f.id IS NULL AND s.policy <> 'cycle'
