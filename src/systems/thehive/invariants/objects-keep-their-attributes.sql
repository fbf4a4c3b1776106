-- title: What S3 keeps beside the bytes is as it was: type, etag, version, delete marker, and the bucket's versioning
-- judges: (SELECT k.gate, b.id FROM attribute_kinds k
--   JOIN complete_observations c ON c.gate = 'baseline' AND c.component = k.component
--   JOIN observations b ON b.gate = 'baseline' AND b.component = k.component AND b.kind = k.kind
--   WHERE k.gate <> 'baseline')
-- needs: observations, steps
-- gates: restored, started
-- needs-complete: attributes
-- applies-when: attribute_kinds
-- A copy without extended attributes lists every key with its size and its bytes. What was written to between baseline and
-- the end of the cut may have changed, so it is only asked whether S3 knows anything of it at all.
WITH places AS (
  SELECT k.gate, k.component, k.kind, m.ended_at, s.began_at AS seen_at
  FROM attribute_kinds k
  JOIN complete_observations d ON d.gate = k.gate AND d.component = k.component
  JOIN complete_observations c ON c.gate = 'baseline' AND c.component = k.component
  JOIN moments m ON m.gate = k.gate AND m.component = k.component
  JOIN moments s ON s.gate = 'baseline' AND s.component = k.component
  WHERE k.gate <> 'baseline'
),
written AS (
  SELECT DISTINCT p.gate, p.component, p.kind, f.id
  FROM places p
  CROSS JOIN facts f
  WHERE f.outcome <> 'fail' AND f.invoked_at < p.ended_at AND COALESCE(f.acked_at, p.ended_at) >= p.seen_at
)
SELECT p.gate, p.component, b.kind, b.id AS subject,
  COALESCE(b.digest, 'unknown') || ' (as at baseline)' AS expected,
  CASE WHEN o.id IS NULL THEN 'absent' ELSE COALESCE(o.digest, 'unknown') END AS actual,
  'every byte can be there, and S3 serves another object: of another type or version, or one that was deleted' AS because
FROM places p
JOIN observations b ON b.gate = 'baseline' AND b.component = p.component AND b.kind = p.kind
LEFT JOIN written w ON w.gate = p.gate AND w.component = p.component AND w.kind = p.kind AND w.id = b.id
LEFT JOIN observations o ON o.gate = p.gate AND o.component = p.component AND o.kind = b.kind AND o.id = b.id
WHERE w.id IS NULL AND (o.id IS NULL OR COALESCE(o.digest, 'unknown') <> COALESCE(b.digest, 'unknown'))
UNION ALL
SELECT p.gate, p.component, o.kind, o.id,
  'something, as of every other', 'nothing',
  'the server keeps at least type, etag and version of whatever was uploaded to it'
FROM places p
JOIN observations o ON o.gate = p.gate AND o.component = p.component AND o.kind = p.kind
LEFT JOIN observations b ON b.gate = 'baseline' AND b.component = p.component AND b.kind = o.kind AND b.id = o.id
LEFT JOIN written w ON w.gate = p.gate AND w.component = p.component AND w.kind = o.kind AND w.id = o.id
WHERE COALESCE(o.digest, 'nothing') = 'nothing' AND (b.id IS NULL OR w.id IS NOT NULL)
