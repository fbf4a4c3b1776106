-- title: The log says of each overdue execution what the documentation promises, once and at its level
-- judges: (SELECT f.id FROM firing_lineage f CROSS JOIN unbroken_watch
--   WHERE f.time_line = 'restored' AND f.message LIKE '% is overdue. Marking as FAILED.'
--   UNION SELECT s.id FROM schedules s CROSS JOIN unbroken_watch WHERE s.policy = 'fire-late')
-- needs: schedules, firings
-- gates: run
-- applies-when: schedules
-- Named deviation doc-vs-code/log-level: the documentation says INFO, every published version of the code says WARNING.
-- Of what is to run late, as schedules with a rule do, no such line may speak. A line about an execution that did not fail is left to the invariant over what is overdue.
WITH told AS (
  SELECT id, fired_at, COALESCE(message, 'no message') AS message
  FROM firing_lineage
  WHERE time_line = 'restored' AND message LIKE '% is overdue. Marking as FAILED.'
)
SELECT 'run' AS gate, 'api' AS component, 'log-line' AS kind, id AS subject,
  'a line at level INFO' AS expected,
  message AS actual,
  'deviation doc-vs-code/log-level: who filters by the documented level does not see it' AS because
FROM told
WHERE message NOT LIKE 'INFO Execution %'
UNION ALL
SELECT 'run', 'api', 'log-line', id, 'one line', CAST(COUNT(*) AS VARCHAR(20)) || ' lines',
  'each execution is marked as failed once'
FROM told
GROUP BY id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'run', 'api', 'log-line', t.id, 'no line', t.message, 'what is late by no more than its slip is run, not failed'
FROM told t
JOIN schedules s ON s.id = t.id AND s.policy = 'fire-late'
