-- Records whose content at a gate must be what the same component showed at baseline: opaque ones where nothing was
-- written in between, and written ones whose version was sure at baseline and is still the only possible one.
SELECT q.gate, o.component, o.kind, o.id, o.digest, o.bytes, 1 AS is_opaque
FROM opaque_places q
JOIN observations o ON o.gate = 'baseline' AND o.component = q.component AND o.kind = q.kind
UNION ALL
SELECT e.gate, o.component, o.kind, o.id, o.digest, o.bytes, 0
FROM expected_records e
JOIN moments b ON b.gate = 'baseline' AND b.component = e.component
JOIN complete_observations c ON c.gate = 'baseline' AND c.component = e.component
JOIN observations o ON o.gate = 'baseline' AND o.component = e.component AND o.kind = e.kind AND o.id = e.id
WHERE e.gate <> 'baseline' AND e.must_exist = 1 AND e.possible_writes = 0 AND e.sure_acked_at < b.began_at
