-- title: All components show one moment
-- judges: (SELECT k.gate, o.id FROM shared_kinds k
--   JOIN complete_observations s ON s.gate = k.gate AND s.component = k.one_component
--   JOIN complete_observations i ON i.gate = k.gate AND i.component = k.other_component
--   JOIN moments m ON m.gate = k.gate AND m.component = k.one_component
--   JOIN observed_records o ON o.gate = k.gate AND o.kind = k.kind AND o.component = k.one_component)
-- needs: facts, placements, cuts, steps
-- gates: restored
-- needs-complete: store, index, blob
-- applies-when: shared_kinds
-- Each component by itself may be right: it holds, or lacks, a record that was written while the backups were taken.
-- Together they contradict each other when one holds it and the other does not. A component that is wrong by itself
-- is left to the invariants that say so.
SELECT o.gate, k.other_component AS component, o.kind, o.id AS subject,
  'present (' || k.one_component || ' holds it)' AS expected,
  'absent' AS actual,
  'the cut of ' || k.one_component || ' contains this write and the cut of ' || k.other_component
    || ' does not: the two were not taken at one moment' AS because
FROM shared_kinds k
JOIN complete_observations c ON c.gate = k.gate AND c.component = k.other_component
JOIN moments a ON a.gate = k.gate AND a.component = k.one_component
JOIN moments b ON b.gate = k.gate AND b.component = k.other_component
JOIN observed_records o ON o.gate = k.gate AND o.component = k.one_component AND o.kind = k.kind
LEFT JOIN observed_records x ON x.gate = k.gate AND x.component = k.other_component AND x.kind = k.kind AND x.id = o.id
LEFT JOIN missing_records m ON m.gate = k.gate AND m.component = k.other_component AND m.kind = k.kind AND m.id = o.id
LEFT JOIN resurrected_records r ON r.gate = k.gate AND r.component = k.one_component AND r.kind = k.kind AND r.id = o.id
LEFT JOIN unexplained_records u ON u.gate = k.gate AND u.component = k.one_component AND u.kind = k.kind AND u.id = o.id
WHERE x.id IS NULL AND m.id IS NULL AND r.id IS NULL AND u.id IS NULL
