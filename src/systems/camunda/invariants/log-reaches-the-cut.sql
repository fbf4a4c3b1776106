-- title: Each partition's log reaches the cut of its backup
-- judges: (SELECT gate, id FROM observations WHERE kind = 'log-end')
-- needs: observations, steps
-- gates: restored
-- A log that ends before the checkpoint has lost what was acknowledged between. Without a backup in the store, as after a
-- cold restore, only that there is a log at all can be told here.
SELECT e.gate, e.component, e.kind, 'partition ' || e.id AS subject,
  COALESCE('a log up to ' || CAST(c.seq AS VARCHAR(20)), 'a log with records') AS expected,
  'up to ' || CAST(e.seq AS VARCHAR(20)) AS actual,
  'the broker will start on it and go on without the rest' AS because
FROM observations e
LEFT JOIN observations c
  ON c.gate = e.gate AND c.component = e.component AND c.kind = 'checkpoint' AND c.id = e.id
WHERE e.kind = 'log-end' AND e.seq < COALESCE(c.seq, 1)
