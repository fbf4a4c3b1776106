-- title: What became due while the system was down is handled as declared
-- judges: (SELECT s.id FROM schedules s
--   JOIN (SELECT MIN(began_at) AS began_at, MAX(ended_at) AS ended_at FROM cuts) c
--     ON s.registered_at < c.began_at AND s.due_at > c.ended_at
--   JOIN (SELECT MAX(ended_at) AS ended_at FROM steps WHERE phase = 'restore' AND id = 'application-answers' AND exit_code = 0) a
--     ON s.due_at < a.ended_at WHERE s.policy <> 'cycle')
-- needs: schedules, cuts, steps, unbroken_watch
-- gates: run
-- applies-when: schedules
-- What became due after the last step that put something back had begun, and before the application answered, may have found
-- a restored system that was already at work: then one execution at its time is as right as a refusal.
WITH put_back AS (
  SELECT MAX(s.began_at) AS began_at
  FROM steps s
  JOIN (SELECT MIN(began_at) AS began_at FROM steps WHERE phase = 'observe' AND id = 'restored') o ON s.began_at < o.began_at
  WHERE s.phase = 'restore' AND s.exit_code = 0
),
overdue AS (
  SELECT s.id, s.due_at, s.policy, a.ended_at AS answered_at
  FROM schedules s
  JOIN (SELECT MIN(began_at) AS began_at, MAX(ended_at) AS ended_at FROM cuts) c
    ON s.registered_at < c.began_at AND s.due_at > c.ended_at
  JOIN (SELECT MAX(ended_at) AS ended_at FROM steps WHERE phase = 'restore' AND id = 'application-answers' AND exit_code = 0) a
    ON s.due_at < a.ended_at
  WHERE s.policy <> 'cycle'
),
told AS (
  SELECT o.id, o.due_at, o.policy, o.answered_at,
    SUM(CASE WHEN f.state = 'executed' THEN 1 ELSE 0 END) AS executed,
    SUM(CASE WHEN f.state = 'executed' AND o.due_at > p.began_at AND f.fired_at BETWEEN o.due_at AND o.due_at + 10000
      THEN 1 ELSE 0 END) AS at_its_time,
    SUM(CASE WHEN f.state = 'refused' AND f.message IS NOT NULL THEN 1 ELSE 0 END) AS refused
  FROM overdue o
  CROSS JOIN put_back p
  LEFT JOIN firing_lineage f
    ON f.id = o.id AND f.time_line = 'restored' AND (f.due_at IS NULL OR f.due_at = o.due_at)
  GROUP BY o.id, o.due_at, o.policy, o.answered_at
)
SELECT 'run' AS gate, 'api' AS component, 'schedule' AS kind, id AS subject,
  CASE WHEN policy = 'fire-late' THEN 'one execution after the start'
    WHEN policy = 'refuse-with-message' THEN 'a refusal with a message, and no execution'
    ELSE 'a rule for policy ' || policy END AS expected,
  CAST(executed AS VARCHAR(20)) || ' executions and ' || CAST(refused AS VARCHAR(20)) || ' refusals after the start' AS actual,
  'it became due ' || CAST(answered_at - due_at AS VARCHAR(20)) || ' ms before the restored application answered' AS because
FROM told
WHERE NOT ((policy = 'fire-late' AND executed = 1) OR (policy = 'refuse-with-message' AND refused > 0 AND executed = 0)
  OR (policy = 'refuse-with-message' AND refused = 0 AND executed = 1 AND at_its_time = 1))
