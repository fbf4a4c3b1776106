-- title: Every record has the content that was written
-- judges: (SELECT DISTINCT o.gate, o.component, o.kind, o.id FROM observations o JOIN allowed_digests a
--   ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id
--   UNION SELECT DISTINCT o.gate, o.component, o.kind, o.id FROM observations o JOIN allowed_versions a
--   ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id WHERE o.seq IS NOT NULL)
-- needs: facts, placements, steps
-- gates: baseline, restored, started
-- needs-complete: yes
-- applies-when: placed_kinds
-- What is wrong is looked for first, and what would have been right is put into words for that alone.
WITH wrong_digests AS (
  SELECT o.gate, o.component, o.kind, o.id, o.digest
  FROM observations o
  LEFT JOIN allowed_digests a
    ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id AND a.digest = o.digest
  WHERE o.digest IS NOT NULL AND a.digest IS NULL
),
allowed AS (
  SELECT a.gate, a.component, a.kind, a.id, MIN(a.digest) AS one_digest, COUNT(*) AS digests
  FROM allowed_digests a
  JOIN (SELECT DISTINCT gate, component, kind, id FROM wrong_digests) w
    ON w.gate = a.gate AND w.component = a.component AND w.kind = a.kind AND w.id = a.id
  GROUP BY a.gate, a.component, a.kind, a.id
),
shown AS (
  SELECT v.kind, v.id, v.digest, MAX(v.seq) AS seq
  FROM versions v
  JOIN (SELECT DISTINCT kind, id FROM wrong_digests) w ON w.kind = v.kind AND w.id = v.id
  GROUP BY v.kind, v.id, v.digest
),
wrong_versions AS (
  SELECT o.gate, o.component, o.kind, o.id, o.seq
  FROM observations o
  LEFT JOIN allowed_versions a
    ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id AND a.seq = o.seq
  WHERE o.seq IS NOT NULL AND a.seq IS NULL
),
versions_allowed AS (
  SELECT a.gate, a.component, a.kind, a.id, MIN(a.seq) AS first_seq, MAX(a.seq) AS last_seq
  FROM allowed_versions a
  JOIN (SELECT DISTINCT gate, component, kind, id FROM wrong_versions) w
    ON w.gate = a.gate AND w.component = a.component AND w.kind = a.kind AND w.id = a.id
  GROUP BY a.gate, a.component, a.kind, a.id
)
SELECT o.gate, o.component, o.kind, o.id AS subject,
  CASE WHEN k.digests = 1 THEN 'digest ' || k.one_digest
    ELSE 'one of ' || CAST(k.digests AS VARCHAR(20)) || ' digests, such as ' || k.one_digest END AS expected,
  'digest ' || o.digest
    || CASE WHEN s.seq IS NULL THEN '' ELSE ' (content of version ' || CAST(s.seq AS VARCHAR(20)) || ')' END AS actual,
  'the content in ' || o.component || ' is that of no version that it may show' AS because
FROM wrong_digests o
JOIN allowed k ON k.gate = o.gate AND k.component = o.component AND k.kind = o.kind AND k.id = o.id
LEFT JOIN shown s ON s.kind = o.kind AND s.id = o.id AND s.digest = o.digest
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
FROM wrong_versions o
JOIN versions_allowed k ON k.gate = o.gate AND k.component = o.component AND k.kind = o.kind AND k.id = o.id
