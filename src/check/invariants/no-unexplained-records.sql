-- title: Nothing is there that was never written
-- judges: (SELECT o.gate, o.id FROM observed_records o JOIN placed_kinds p
--   ON p.gate = o.gate AND p.component = o.component AND p.kind = o.kind
--   JOIN moments m ON m.gate = o.gate AND m.component = o.component
--   LEFT JOIN opaque_places q ON q.gate = o.gate AND q.component = o.component AND q.kind = o.kind
--   WHERE p.has_facts = 1 OR q.kind IS NOT NULL)
-- needs: facts, placements, steps
-- gates: baseline, restored, started
-- needs-complete: yes
-- applies-when: placed_kinds
SELECT gate, component, kind, id AS subject,
  CASE reason
    WHEN 'after-cut' THEN 'absent (first written after the cut ended)'
    WHEN 'refused' THEN 'absent (the application refused to write it)'
    WHEN 'duplicate' THEN 'present once'
    WHEN 'not-at-baseline' THEN 'absent (as at baseline)'
    ELSE 'absent (never written)'
  END AS expected,
  CASE WHEN copies = 1 THEN 'present' ELSE 'present ' || CAST(copies AS VARCHAR(20)) || ' times' END AS actual,
  CASE reason
    WHEN 'after-cut' THEN 'a backup of ' || component || ' cannot hold what was written after it was taken'
    WHEN 'refused' THEN 'a refused write changes nothing, and ' || component || ' holds its record'
    WHEN 'duplicate' THEN 'one record was written, and ' || component || ' holds it more than once'
    WHEN 'not-at-baseline' THEN component || ' did not hold it at baseline, and nothing was written before its cut ended'
    ELSE 'no write explains it, and ' || component || ' holds it'
  END AS because
FROM unexplained_records
