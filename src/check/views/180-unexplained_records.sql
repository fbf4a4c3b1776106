-- Records that nothing explains: written never, written only after the cut, refused, or seen more often than once.
-- Of opaque kinds: not seen at baseline although nothing was written since.
WITH fact_places AS (
  SELECT DISTINCT p.gate, p.component, p.kind
  FROM placed_kinds p
  JOIN moments m ON m.gate = p.gate AND m.component = p.component
  WHERE p.has_facts = 1
),
refused AS (
  SELECT DISTINCT kind, id
  FROM facts
  WHERE epoch <> 'again' AND outcome IN ('fail', 'barred')
)
SELECT o.gate, o.component, o.kind, o.id, o.copies,
  CASE
    WHEN e.id IS NOT NULL THEN 'after-cut'
    WHEN r.id IS NOT NULL THEN 'refused'
    ELSE 'never-written'
  END AS reason
FROM observed_records o
JOIN fact_places p ON p.gate = o.gate AND p.component = o.component AND p.kind = o.kind
LEFT JOIN expected_records e ON e.gate = o.gate AND e.component = o.component AND e.kind = o.kind AND e.id = o.id
LEFT JOIN refused r ON r.kind = o.kind AND r.id = o.id
WHERE e.id IS NULL OR (e.must_be_absent = 1 AND e.sure_seq IS NULL)
UNION ALL
SELECT o.gate, o.component, o.kind, o.id, o.copies, 'duplicate'
FROM observed_records o
JOIN fact_places p ON p.gate = o.gate AND p.component = o.component AND p.kind = o.kind
JOIN expected_records e ON e.gate = o.gate AND e.component = o.component AND e.kind = o.kind AND e.id = o.id
WHERE o.copies > 1 AND e.must_be_absent = 0
UNION ALL
SELECT o.gate, o.component, o.kind, o.id, o.copies, 'not-at-baseline'
FROM observed_records o
JOIN opaque_places q ON q.gate = o.gate AND q.component = o.component AND q.kind = o.kind
LEFT JOIN unchanged_since_baseline u ON u.gate = o.gate AND u.component = o.component AND u.kind = o.kind AND u.id = o.id
WHERE u.id IS NULL
