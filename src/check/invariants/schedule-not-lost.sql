-- title: Nothing that was scheduled is forgotten
-- judges: (SELECT s.id FROM schedules s JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c ON s.registered_at < c.began_at
--   JOIN (SELECT MAX(ended_at) AS ended_at FROM steps WHERE phase = 'observe' AND id = 'started' AND exit_code = 0) e
--   ON s.due_at < e.ended_at)
-- needs: schedules, cuts, steps
-- gates: run
-- applies-when: schedules
-- Any firing speaks, also one that says that the execution was refused or is still pending: then nothing was forgotten.
SELECT 'run' AS gate, 'api' AS component, 'schedule' AS kind, s.id AS subject,
  'an execution due at ' || CAST(s.due_at AS VARCHAR(20)) || ' (' || s.policy || ')' AS expected,
  'no trace of it' AS actual,
  'it was registered before the first cut began and was due before the last look, and the restored application knows nothing of it' AS because
FROM schedules s
JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c ON s.registered_at < c.began_at
JOIN (SELECT MAX(ended_at) AS ended_at FROM steps WHERE phase = 'observe' AND id = 'started' AND exit_code = 0) e
  ON s.due_at < e.ended_at
LEFT JOIN (SELECT DISTINCT id, COALESCE(due_at, -1) AS due_at FROM firings) f
  ON f.id = s.id AND (f.due_at = s.due_at OR f.due_at = -1)
WHERE f.id IS NULL
