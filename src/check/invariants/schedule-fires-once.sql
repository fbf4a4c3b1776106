-- title: Nothing that was scheduled runs twice
-- judges: (SELECT f.id FROM firing_lineage f JOIN schedules s ON s.id = f.id CROSS JOIN unbroken_watch
--   WHERE f.state <> 'pending' AND f.time_line IN ('kept', 'restored') AND s.policy <> 'cycle')
-- needs: schedules, firings
-- gates: run
-- applies-when: schedules
-- Of a watch that broke nothing is judged, but what was executed twice before its eyes is found all the same.
-- An execution in the lost time line is no second one: the restored system cannot know of it. It is listed in the report.
SELECT 'run' AS gate, 'api' AS component, 'schedule' AS kind, s.id AS subject,
  'at most one execution due at ' || CAST(s.due_at AS VARCHAR(20)) AS expected,
  CAST(COUNT(*) AS VARCHAR(20)) || ' executions, at ' || CAST(MIN(f.fired_at) AS VARCHAR(20))
    || ' and at ' || CAST(MAX(f.fired_at) AS VARCHAR(20)) AS actual,
  'one due time stands for one execution' AS because
FROM (SELECT DISTINCT id, due_at FROM schedules WHERE policy <> 'cycle') s
JOIN firing_lineage f ON f.id = s.id AND f.due_at = s.due_at
WHERE f.state <> 'pending' AND f.time_line IN ('kept', 'restored')
GROUP BY s.id, s.due_at
HAVING COUNT(*) > 1
