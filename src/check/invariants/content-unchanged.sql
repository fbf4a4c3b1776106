-- title: Every record has the content and the version that it had
-- gates: baseline, restored, started
-- judges: (SELECT o.gate FROM observations o JOIN placed p ON p.gate = o.gate AND p.component = o.component AND p.kind = o.kind AND p.role <> 'config' JOIN (SELECT gate, component, kind, id FROM allowed_digests UNION SELECT gate, component, kind, id FROM allowed_versions) a ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id WHERE o.digest IS NOT NULL OR o.seq IS NOT NULL)
-- absence: yes
SELECT o.gate, o.component, o.kind, o.id AS subject,
       'digest ' || d.digest AS expected,
       'digest ' || o.digest AS actual,
       'no version that the backup may hold has this content' AS because
FROM observations o
JOIN placed p ON p.gate = o.gate AND p.component = o.component AND p.kind = o.kind AND p.role <> 'config'
JOIN (SELECT gate, component, kind, id, min(digest) AS digest FROM allowed_digests GROUP BY gate, component, kind, id) d
  ON d.gate = o.gate AND d.component = o.component AND d.kind = o.kind AND d.id = o.id
LEFT JOIN allowed_digests a
  ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id AND a.digest = o.digest
WHERE o.digest IS NOT NULL AND a.id IS NULL
UNION ALL
SELECT o.gate, o.component, o.kind, o.id,
       'version ' || CAST(v.seq AS VARCHAR) || ' or a later one under way',
       'version ' || CAST(o.seq AS VARCHAR),
       'the record names a version that it cannot have at this gate'
FROM observations o
JOIN (SELECT gate, component, kind, id, min(seq) AS seq FROM allowed_versions GROUP BY gate, component, kind, id) v
  ON v.gate = o.gate AND v.component = o.component AND v.kind = o.kind AND v.id = o.id
LEFT JOIN allowed_versions a
  ON a.gate = o.gate AND a.component = o.component AND a.kind = o.kind AND a.id = o.id AND a.seq = o.seq
WHERE o.seq IS NOT NULL AND a.id IS NULL
UNION ALL
SELECT b.gate, b.component, b.kind, b.id, 'present as at baseline', 'absent',
       'it was there at baseline and nothing was written before the cut ended'
FROM opaque_baseline b
JOIN complete_observations c ON c.gate = b.gate AND c.component = b.component
LEFT JOIN seen s ON s.gate = b.gate AND s.component = b.component AND s.kind = b.kind AND s.id = b.id
WHERE b.role <> 'config' AND s.id IS NULL
UNION ALL
SELECT s.gate, s.component, s.kind, s.id, 'absent as at baseline', 'present',
       'it was not there at baseline and nothing was written before the cut ended'
FROM seen s
JOIN quiet q ON q.gate = s.gate AND q.component = s.component
JOIN placed p ON p.gate = s.gate AND p.component = s.component AND p.kind = s.kind AND p.role <> 'config'
JOIN complete_observations c ON c.gate = 'baseline' AND c.component = s.component
LEFT JOIN fact_kinds f ON f.kind = s.kind
LEFT JOIN opaque_baseline b ON b.gate = s.gate AND b.component = s.component AND b.kind = s.kind AND b.id = s.id
WHERE f.kind IS NULL AND b.id IS NULL
