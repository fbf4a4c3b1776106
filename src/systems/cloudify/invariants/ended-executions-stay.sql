-- title: What had ended before the snapshot is told as it was, with every line of its log
-- judges: (SELECT c.gate, b.kind, b.id FROM observations b
--   JOIN complete_observations c ON c.component = b.component AND c.gate <> 'baseline'
--   LEFT JOIN observations e ON e.gate = 'baseline' AND e.component = b.component AND e.kind = 'ended-execution'
--     AND (b.id = e.id || ' log' OR b.id = e.id || ' event')
--   WHERE b.gate = 'baseline' AND (b.kind = 'ended-execution' OR (b.kind = 'execution-lines' AND e.id IS NOT NULL)))
-- needs: observations, steps
-- gates: restored, started
-- needs-complete: store
-- I9, I14. An execution that has ended changes no more, whatever else is written between the look and the snapshot.
WITH past AS (
  SELECT b.component, b.kind, b.id, b.digest
  FROM observations b
  LEFT JOIN observations e ON e.gate = 'baseline' AND e.component = b.component AND e.kind = 'ended-execution'
    AND (b.id = e.id || ' log' OR b.id = e.id || ' event')
  WHERE b.gate = 'baseline' AND (b.kind = 'ended-execution' OR (b.kind = 'execution-lines' AND e.id IS NOT NULL))
)
SELECT c.gate, p.component, p.kind, p.id AS subject,
  'digest ' || COALESCE(p.digest, 'unknown') || ' (as at baseline)' AS expected,
  CASE WHEN o.id IS NULL THEN 'absent' ELSE 'digest ' || COALESCE(o.digest, 'unknown') END AS actual,
  'it had ended before the snapshot, and changes no more' AS because
FROM past p
JOIN complete_observations c ON c.component = p.component AND c.gate <> 'baseline'
LEFT JOIN observations o ON o.gate = c.gate AND o.component = p.component AND o.kind = p.kind AND o.id = p.id
WHERE o.id IS NULL OR COALESCE(o.digest, 'unknown') <> COALESCE(p.digest, 'unknown')
