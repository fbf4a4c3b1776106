-- title: Everybody may do what they might before, and no more
-- judges: (SELECT o.gate, o.id FROM observations o
--   JOIN observations b ON b.gate = 'baseline' AND b.component = o.component AND b.kind = o.kind AND b.id = o.id
--   WHERE o.kind = 'right' AND o.gate = 'started')
-- needs: observations, steps
-- gates: started
-- needs-complete: api
-- I8. A viewer still starts nothing, and one tenant's users still see nothing of another.
SELECT o.gate, o.component, o.kind, o.id AS subject,
  COALESCE(b.digest, 'unknown') || ' (as at baseline)' AS expected,
  COALESCE(o.digest, 'unknown') AS actual,
  'roles and tenants belong to what was backed up' AS because
FROM observations o
JOIN observations b ON b.gate = 'baseline' AND b.component = o.component AND b.kind = o.kind AND b.id = o.id
WHERE o.kind = 'right' AND o.gate = 'started' AND COALESCE(o.digest, 'unknown') <> COALESCE(b.digest, 'unknown')
