-- title: Configuration and secrets are what they were
-- gates: restored, started
-- judges: (SELECT b.gate FROM opaque_baseline b WHERE b.role = 'config')
-- absence: yes
SELECT b.gate, b.component, b.kind, b.id AS subject,
       'digest ' || COALESCE(b.digest, 'none') AS expected,
       CASE WHEN o.id IS NULL THEN 'absent' ELSE 'digest ' || COALESCE(o.digest, 'none') END AS actual,
       'an application that starts with other settings or secrets is not the one that was backed up' AS because
FROM opaque_baseline b
JOIN complete_observations c ON c.gate = b.gate AND c.component = b.component
LEFT JOIN observations o ON o.gate = b.gate AND o.component = b.component AND o.kind = b.kind AND o.id = b.id
WHERE b.role = 'config' AND (o.id IS NULL OR COALESCE(o.digest, '') <> COALESCE(b.digest, ''))
