-- title: Nothing that was scheduled runs before it is due
-- judges: (SELECT f.id FROM firings f CROSS JOIN unbroken_watch WHERE f.state <> 'pending')
-- needs: schedules, firings
-- gates: run
-- applies-when: schedules
SELECT 'run' AS gate, 'api' AS component, 'schedule' AS kind, f.id AS subject,
  'not before ' || CAST(f.due_at AS VARCHAR(20)) AS expected,
  'at ' || CAST(f.fired_at AS VARCHAR(20)) || ' (' || f.state || ')' AS actual,
  'it ran ' || CAST(f.due_at - f.fired_at AS VARCHAR(20)) || ' ms before it was due' AS because
FROM firings f
WHERE f.due_at IS NOT NULL AND f.fired_at < f.due_at AND f.state <> 'pending'
