-- title: Every table of the graph is there, with the columns and options that it had
-- judges: (SELECT k.gate, b.id FROM complete_observations k
--   JOIN observations b ON b.gate = 'baseline' AND b.component = k.component AND b.kind = 'schema-table'
--   WHERE k.gate <> 'baseline')
-- needs: observations, steps
-- gates: restored, started
-- needs-complete: store
-- A snapshot of Cassandra holds no schema: a table that is not created first is not restored, and nothing says so.
WITH kept AS (
  SELECT k.gate, b.component, b.id, b.digest
  FROM complete_observations k
  JOIN observations b ON b.gate = 'baseline' AND b.component = k.component AND b.kind = 'schema-table'
  WHERE k.gate <> 'baseline'
)
SELECT k.gate, k.component, 'schema-table' AS kind, k.id AS subject,
  'columns and options with digest ' || COALESCE(k.digest, 'unknown') || ' (as at baseline)' AS expected,
  CASE WHEN o.id IS NULL THEN 'absent' ELSE 'digest ' || COALESCE(o.digest, 'unknown') END AS actual,
  CASE WHEN o.id IS NULL THEN 'the table was there before, and was not created again'
    ELSE 'the table was created again with other columns or options' END AS because
FROM kept k
LEFT JOIN observations o
  ON o.gate = k.gate AND o.component = k.component AND o.kind = 'schema-table' AND o.id = k.id
WHERE o.id IS NULL OR COALESCE(o.digest, 'unknown') <> COALESCE(k.digest, 'unknown')
