-- title: What waits for its time has one message in the broker, and every such message has its row
-- judges: (SELECT gate, id FROM observations WHERE kind IN ('scheduled-row', 'scheduled-message', 'schedule-next'))
-- needs: observations, steps
-- gates: baseline, restored, started
-- needs-complete: store
-- I10. A row without a message never runs, two messages run it twice, a message without a row is of another manager, and a
-- message that says something else than its row runs something else. Only the row is in the snapshot. The message of a
-- cancelled row may stay until its time: it is dropped then. A manager that keeps schedules in a table puts nothing into the
-- broker beforehand, so that any message there is one too many.
WITH waiting AS (SELECT gate, component, id, digest FROM observations WHERE kind = 'scheduled-row'),
messages AS (SELECT gate, component, id, digest, COALESCE(seq, 0) AS copies FROM observations WHERE kind = 'scheduled-message')
SELECT w.gate, 'broker' AS component, 'scheduled-message' AS kind, w.id AS subject,
  'one message' AS expected,
  CAST(COALESCE(m.copies, 0) AS VARCHAR(20)) || ' messages' AS actual,
  'the row is scheduled, and only its message starts it' AS because
FROM waiting w
JOIN complete_observations c ON c.gate = w.gate AND c.component = 'broker'
LEFT JOIN messages m ON m.gate = w.gate AND m.id = w.id
WHERE COALESCE(m.copies, 0) <> 1
UNION ALL
SELECT m.gate, m.component, 'scheduled-message', m.id, 'no queue',
  'a queue with ' || CAST(m.copies AS VARCHAR(20)) || ' messages',
  'no row is scheduled under this id'
FROM messages m
JOIN complete_observations c ON c.gate = m.gate AND c.component = 'database'
LEFT JOIN waiting w ON w.gate = m.gate AND w.id = m.id
LEFT JOIN observations x ON x.gate = m.gate AND x.component = 'database' AND x.kind = 'cancelled-row' AND x.id = m.id
WHERE w.id IS NULL AND x.id IS NULL
UNION ALL
SELECT w.gate, m.component, 'scheduled-message', w.id,
  'what the row says (' || COALESCE(w.digest, 'unknown') || ')',
  COALESCE(m.digest, 'unknown'),
  'tenant, parameters, dry run and waiting time of the message are what will run'
FROM waiting w
JOIN messages m ON m.gate = w.gate AND m.id = w.id
WHERE m.copies = 1 AND COALESCE(m.digest, 'unknown') <> COALESCE(w.digest, 'unknown')
