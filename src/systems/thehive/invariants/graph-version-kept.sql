-- title: The database still says which version of the application it belongs to
-- judges: (SELECT k.gate, b.id FROM complete_observations k
--   JOIN observations b ON b.gate = 'baseline' AND b.component = k.component AND b.kind = 'graph-variable'
--   WHERE k.gate = 'restored')
-- needs: observations, steps
-- gates: restored
-- needs-complete: store
-- Once the application has started it writes the version itself, so this can be seen only before.
SELECT k.gate, k.component, b.kind, b.id AS subject,
  'digest ' || COALESCE(b.digest, 'unknown') || ' (as at baseline)' AS expected,
  CASE WHEN o.id IS NULL THEN 'absent' ELSE 'digest ' || COALESCE(o.digest, 'unknown') END AS actual,
  'without its version the application takes the database for a new one and resets the administrator' AS because
FROM complete_observations k
JOIN observations b ON b.gate = 'baseline' AND b.component = k.component AND b.kind = 'graph-variable'
LEFT JOIN observations o
  ON o.gate = k.gate AND o.component = k.component AND o.kind = b.kind AND o.id = b.id
WHERE k.gate = 'restored' AND (o.id IS NULL OR COALESCE(o.digest, 'unknown') <> COALESCE(b.digest, 'unknown'))
