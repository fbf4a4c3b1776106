-- title: The index holds the records of its store, and no others
-- judges: (SELECT k.gate, o.id FROM indexed_kinds k
--   JOIN complete_observations s ON s.gate = k.gate AND s.component = k.store_component
--   JOIN complete_observations i ON i.gate = k.gate AND i.component = k.index_component
--   JOIN observed_records o ON o.gate = k.gate AND o.kind = k.kind AND o.component = k.store_component)
-- needs: placements, observations, steps
-- gates: baseline, restored, started
-- needs-complete: store, index
-- applies-when: indexed_kinds
WITH pairs AS (
  SELECT k.gate, k.kind, k.store_component, k.index_component
  FROM indexed_kinds k
  JOIN complete_observations s ON s.gate = k.gate AND s.component = k.store_component
  JOIN complete_observations i ON i.gate = k.gate AND i.component = k.index_component
)
SELECT p.gate, p.index_component AS component, p.kind, o.id AS subject,
  'present (' || p.store_component || ' holds it)' AS expected,
  'absent' AS actual,
  'the record is in ' || p.store_component || ', but no search in ' || p.index_component || ' will find it' AS because
FROM pairs p
JOIN observed_records o ON o.gate = p.gate AND o.kind = p.kind AND o.component = p.store_component
LEFT JOIN observed_records x ON x.gate = p.gate AND x.kind = p.kind AND x.component = p.index_component AND x.id = o.id
WHERE x.id IS NULL
UNION ALL
SELECT p.gate, p.index_component, p.kind, o.id,
  'absent (' || p.store_component || ' does not hold it)',
  'present',
  p.index_component || ' finds a record that is not in ' || p.store_component
FROM pairs p
JOIN observed_records o ON o.gate = p.gate AND o.kind = p.kind AND o.component = p.index_component
LEFT JOIN observed_records x ON x.gate = p.gate AND x.kind = p.kind AND x.component = p.store_component AND x.id = o.id
WHERE x.id IS NULL
