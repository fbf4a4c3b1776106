-- title: What lived in the target before the restore, and in the set, lives there after it
-- judges: (SELECT r.gate, r.id FROM required_records r
--   JOIN (SELECT DISTINCT component, kind, id FROM target_records) t ON t.component = r.component AND t.kind = r.kind AND t.id = r.id
--   WHERE r.gate = 'restored')
-- needs: target_records, observations, steps
-- gates: restored
-- needs-complete: store, index, blob
-- applies-when: target_records
-- A restore over a target that is in use takes the state of the set in exchange for what lived there. What it has taken away
-- and not brought back is gone although nothing was wrong with it before. Records newer than the set are given up knowingly.
SELECT m.gate, m.component, m.kind, m.id AS subject,
  'present (it lived in the target when the restore began, and the set holds it)' AS expected,
  'absent' AS actual,
  'the restore took it away from a living target and did not bring it back' AS because
FROM missing_records m
JOIN (SELECT DISTINCT component, kind, id FROM target_records) t
  ON t.component = m.component AND t.kind = m.kind AND t.id = m.id
WHERE m.gate = 'restored'
