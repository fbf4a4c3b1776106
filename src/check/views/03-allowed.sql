-- Versions that a record may have: the sure one, or a later possible one.
CREATE TABLE allowed_versions AS
SELECT gate, component, kind, id, seq, digest FROM sure WHERE op <> 'delete'
UNION
SELECT gate, component, kind, id, seq, digest FROM possible WHERE op <> 'delete';

-- Components in whose reach nothing was written between baseline and the end of the cut: they must look as at baseline.
CREATE TABLE quiet AS
SELECT m.gate, m.component
FROM moments m
CROSS JOIN baseline_moment b
LEFT JOIN versions v ON v.invoked_at >= b.moment_at AND v.invoked_at < m.ended_at
WHERE m.gate <> 'baseline'
GROUP BY m.gate, m.component
HAVING count(v.seq) = 0;

-- Rows that only the store itself explains (no fact speaks of their kind), as they were at baseline.
CREATE TABLE opaque_baseline AS
SELECT q.gate, o.component, p.role, o.kind, o.id, o.digest
FROM observations o
JOIN quiet q ON q.component = o.component
JOIN placed p ON p.gate = q.gate AND p.component = o.component AND p.kind = o.kind
LEFT JOIN fact_kinds f ON f.kind = o.kind
WHERE o.gate = 'baseline' AND f.kind IS NULL;

-- Digests against which a seen record is held. The API and files show content as facts describe it; stores and indices
-- render it in their own way, so their digests are held against what the same component showed at baseline for the same version.
CREATE TABLE allowed_digests AS
SELECT a.gate, a.component, a.kind, a.id, a.digest
FROM allowed_versions a
JOIN placed p ON p.gate = a.gate AND p.component = a.component AND p.kind = a.kind AND p.role IN ('api', 'blob')
WHERE a.digest IS NOT NULL
UNION
SELECT s.gate, o.component, o.kind, o.id, o.digest
FROM observations o
JOIN sure b ON b.gate = 'baseline' AND b.component = o.component AND b.kind = o.kind AND b.id = o.id
JOIN sure s ON s.gate <> 'baseline' AND s.component = o.component AND s.kind = o.kind AND s.id = o.id AND s.seq = b.seq
JOIN placed p ON p.gate = s.gate AND p.component = o.component AND p.kind = o.kind AND p.role IN ('store', 'index')
LEFT JOIN possible later ON later.gate = s.gate AND later.component = s.component AND later.kind = s.kind AND later.id = s.id
WHERE o.gate = 'baseline' AND o.digest IS NOT NULL AND later.seq IS NULL
UNION
SELECT gate, component, kind, id, digest FROM opaque_baseline WHERE digest IS NOT NULL;
