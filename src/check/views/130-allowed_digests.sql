-- Digests that a record may show. From facts, where the component shows such digests and every allowed version has one;
-- otherwise from baseline, where the record cannot have changed since.
WITH from_facts AS (
  SELECT a.gate, a.component, a.kind, a.id
  FROM allowed_versions a
  JOIN fact_digest_places p ON p.component = a.component AND p.kind = a.kind
  GROUP BY a.gate, a.component, a.kind, a.id
  HAVING MAX(CASE WHEN a.digest IS NULL THEN 1 ELSE 0 END) = 0
)
SELECT DISTINCT a.gate, a.component, a.kind, a.id, a.digest
FROM allowed_versions a
JOIN from_facts f ON f.gate = a.gate AND f.component = a.component AND f.kind = a.kind AND f.id = a.id
UNION ALL
SELECT DISTINCT u.gate, u.component, u.kind, u.id, u.digest
FROM unchanged_since_baseline u
LEFT JOIN from_facts f ON f.gate = u.gate AND f.component = u.component AND f.kind = u.kind AND f.id = u.id
WHERE u.digest IS NOT NULL AND f.id IS NULL
