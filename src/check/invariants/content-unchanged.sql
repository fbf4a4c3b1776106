-- title: Every record has the content that was written
-- judges: (SELECT DISTINCT o.gate, o.component, o.kind, o.id FROM observations o JOIN allowed_digests a
--   ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id
--   UNION SELECT DISTINCT o.gate, o.component, o.kind, o.id FROM observations o JOIN allowed_versions a
--   ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id WHERE o.seq IS NOT NULL)
-- needs: facts, placements, steps
-- gates: baseline, restored, started
-- needs-complete: yes
-- applies-when: placed_kinds
WITH allowed AS (
  SELECT gate, component, kind, id, MIN(digest) AS one_digest, COUNT(*) AS digests
  FROM allowed_digests
  GROUP BY gate, component, kind, id
),
shown AS (
  SELECT kind, id, digest, MAX(seq) AS seq
  FROM versions
  GROUP BY kind, id, digest
),
versions_allowed AS (
  SELECT gate, component, kind, id, MIN(seq) AS first_seq, MAX(seq) AS last_seq
  FROM allowed_versions
  GROUP BY gate, component, kind, id
)
SELECT o.gate, o.component, o.kind, o.id AS subject,
  CASE WHEN k.digests = 1 THEN 'digest ' || k.one_digest
    ELSE 'one of ' || CAST(k.digests AS VARCHAR(20)) || ' digests, such as ' || k.one_digest END AS expected,
  'digest ' || o.digest
    || CASE WHEN s.seq IS NULL THEN '' ELSE ' (content of version ' || CAST(s.seq AS VARCHAR(20)) || ')' END AS actual,
  'the content in ' || o.component || ' is that of no version that it may show' AS because
FROM observations o
JOIN allowed k ON k.gate = o.gate AND k.component = o.component AND k.kind = o.kind AND k.id = o.id
LEFT JOIN allowed_digests a
  ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id AND a.digest = o.digest
LEFT JOIN shown s ON s.kind = o.kind AND s.id = o.id AND s.digest = o.digest
WHERE o.digest IS NOT NULL AND a.digest IS NULL
UNION ALL
SELECT o.gate, o.component, o.kind, o.id,
  'digest ' || u.digest, 'no digest',
  o.component || ' showed the content of this record at baseline and does not show it now'
FROM observations o
JOIN unchanged_since_baseline u ON u.gate = o.gate AND u.component = o.component AND u.kind = o.kind AND u.id = o.id
WHERE o.digest IS NULL AND u.digest IS NOT NULL
UNION ALL
SELECT o.gate, o.component, o.kind, o.id,
  CASE WHEN k.first_seq = k.last_seq THEN 'version ' || CAST(k.first_seq AS VARCHAR(20))
    ELSE 'a version from ' || CAST(k.first_seq AS VARCHAR(20)) || ' to ' || CAST(k.last_seq AS VARCHAR(20)) END,
  'version ' || CAST(o.seq AS VARCHAR(20)),
  'the record in ' || o.component || ' says of itself that it is a version that it may not be'
FROM observations o
JOIN versions_allowed k ON k.gate = o.gate AND k.component = o.component AND k.kind = o.kind AND k.id = o.id
LEFT JOIN allowed_versions a
  ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id AND a.seq = o.seq
WHERE o.seq IS NOT NULL AND a.seq IS NULL
