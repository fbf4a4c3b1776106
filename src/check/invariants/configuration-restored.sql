-- title: The configuration is the one from before
-- judges: (SELECT k.gate, o.id FROM config_kinds k
--   JOIN complete_observations c ON c.gate = 'baseline' AND c.component = k.component
--   JOIN complete_observations d ON d.gate = k.gate AND d.component = k.component
--   JOIN observations o ON o.gate = 'baseline' AND o.component = k.component AND o.kind = k.kind)
-- needs: placements, observations, steps
-- gates: restored, started
-- needs-complete: config
-- applies-when: config_kinds
WITH places AS (
  SELECT k.gate, k.component, k.kind
  FROM config_kinds k
  JOIN complete_observations c ON c.gate = 'baseline' AND c.component = k.component
  JOIN complete_observations d ON d.gate = k.gate AND d.component = k.component
)
SELECT p.gate, p.component, p.kind, b.id AS subject,
  'present (as at baseline)' AS expected, 'absent' AS actual,
  'the application ran with it before, and it was not put back' AS because
FROM places p
JOIN observations b ON b.gate = 'baseline' AND b.component = p.component AND b.kind = p.kind
LEFT JOIN observations o ON o.gate = p.gate AND o.component = p.component AND o.kind = p.kind AND o.id = b.id
WHERE o.id IS NULL
UNION ALL
SELECT p.gate, p.component, p.kind, o.id,
  'absent (as at baseline)', 'present',
  'the application ran without it before, and now it is there'
FROM places p
JOIN observations o ON o.gate = p.gate AND o.component = p.component AND o.kind = p.kind
LEFT JOIN observations b ON b.gate = 'baseline' AND b.component = p.component AND b.kind = p.kind AND b.id = o.id
WHERE b.id IS NULL
UNION ALL
SELECT p.gate, p.component, p.kind, o.id,
  'digest ' || COALESCE(b.digest, 'unknown') || ' (as at baseline)', 'digest ' || COALESCE(o.digest, 'unknown'),
  'its content is not the one that the application ran with before'
FROM places p
JOIN observations o ON o.gate = p.gate AND o.component = p.component AND o.kind = p.kind
JOIN observations b ON b.gate = 'baseline' AND b.component = p.component AND b.kind = p.kind AND b.id = o.id
WHERE COALESCE(o.digest, 'unknown') <> COALESCE(b.digest, 'unknown')
