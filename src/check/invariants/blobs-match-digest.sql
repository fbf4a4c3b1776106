-- title: Every blob has the bytes that its name promises
-- judges: (SELECT o.gate, o.id FROM observations o JOIN blob_kinds k
--   ON k.gate = o.gate AND k.component = o.component AND k.kind = o.kind WHERE o.digest IS NOT NULL)
-- needs: placements, observations, steps
-- gates: baseline, restored, started
-- needs-complete: blob
-- applies-when: blob_kinds
SELECT o.gate, o.component, o.kind, o.id AS subject,
  'content with SHA-256 ' || o.id AS expected,
  CASE WHEN o.digest IS NULL THEN 'content that cannot be read' ELSE 'content with SHA-256 ' || o.digest END
    || CASE WHEN o.bytes IS NULL THEN '' ELSE ', ' || CAST(o.bytes AS VARCHAR(20)) || ' bytes' END AS actual,
  'the name of a blob is the digest of its content, and ' || o.component || ' holds other content under it' AS because
FROM observations o
JOIN blob_kinds k ON k.gate = o.gate AND k.component = o.component AND k.kind = o.kind
WHERE o.digest IS NULL OR o.digest <> o.id
UNION ALL
SELECT o.gate, o.component, o.kind, o.id,
  CAST(b.bytes AS VARCHAR(20)) || ' bytes (as at baseline)',
  CAST(o.bytes AS VARCHAR(20)) || ' bytes',
  'content with the same digest has the same length'
FROM observations o
JOIN blob_kinds k ON k.gate = o.gate AND k.component = o.component AND k.kind = o.kind
JOIN observations b ON b.gate = 'baseline' AND b.component = o.component AND b.kind = o.kind AND b.id = o.id
WHERE o.gate <> 'baseline' AND o.digest = o.id AND b.digest = b.id AND o.bytes <> b.bytes
