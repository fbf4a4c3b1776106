-- title: Nothing that was scheduled runs twice
-- judges: (SELECT id FROM firings WHERE state <> 'pending')
-- needs: schedules, firings
-- gates: run
-- applies-when: schedules
SELECT 'run' AS gate, 'api' AS component, 'schedule' AS kind, s.id AS subject,
  'at most one execution due at ' || CAST(s.due_at AS VARCHAR(20)) AS expected,
  CAST(COUNT(*) AS VARCHAR(20)) || ' executions, at ' || CAST(MIN(f.fired_at) AS VARCHAR(20))
    || ' and at ' || CAST(MAX(f.fired_at) AS VARCHAR(20)) AS actual,
  'one due time stands for one execution' AS because
FROM (SELECT DISTINCT id, due_at FROM schedules) s
JOIN firings f ON f.id = s.id AND f.due_at = s.due_at
WHERE f.state <> 'pending'
GROUP BY s.id, s.due_at
HAVING COUNT(*) > 1
