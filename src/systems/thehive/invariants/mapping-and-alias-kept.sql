-- title: The index is the one that it was: name, mapping and alias
-- judges: (SELECT k.gate, b.id FROM complete_observations k
--   JOIN (SELECT DISTINCT gate, component FROM placed_kinds WHERE role = 'index') p ON p.gate = k.gate AND p.component = k.component
--   JOIN observations b ON b.gate = 'baseline' AND b.component = k.component AND b.kind IN ('index', 'alias')
--   WHERE k.gate <> 'baseline')
-- needs: observations, steps
-- gates: restored, started
-- needs-complete: index
-- applies-when: indexed_kinds
-- An index that the application builds is looked at once it has started.
-- A write to an index that is gone makes a new one with a guessed mapping and no alias, and all counts agree afterwards.
WITH places AS (
  SELECT k.gate, k.component
  FROM complete_observations k
  JOIN complete_observations c ON c.gate = 'baseline' AND c.component = k.component
  JOIN (SELECT DISTINCT gate, component FROM placed_kinds WHERE role = 'index') i ON i.gate = k.gate AND i.component = k.component
  WHERE k.gate <> 'baseline'
)
SELECT p.gate, p.component, b.kind, b.id AS subject,
  'digest ' || COALESCE(b.digest, 'unknown') || ' (as at baseline)' AS expected,
  CASE WHEN o.id IS NULL THEN 'absent' ELSE 'digest ' || COALESCE(o.digest, 'unknown') END AS actual,
  CASE WHEN b.kind = 'alias' THEN 'the application searches by this alias, and it must lead to the same index'
    ELSE 'searches by fields of another type find other records' END AS because
FROM places p
JOIN observations b ON b.gate = 'baseline' AND b.component = p.component AND b.kind IN ('index', 'alias')
LEFT JOIN observations o
  ON o.gate = p.gate AND o.component = p.component AND o.kind = b.kind AND o.id = b.id
WHERE o.id IS NULL OR COALESCE(o.digest, 'unknown') <> COALESCE(b.digest, 'unknown')
UNION ALL
SELECT p.gate, p.component, o.kind, o.id,
  'absent (as at baseline)', 'present',
  'a second index or alias beside the one that was backed up can serve other records'
FROM places p
JOIN observations o ON o.gate = p.gate AND o.component = p.component AND o.kind IN ('index', 'alias')
LEFT JOIN observations b
  ON b.gate = 'baseline' AND b.component = p.component AND b.kind = o.kind AND b.id = o.id
WHERE b.id IS NULL
