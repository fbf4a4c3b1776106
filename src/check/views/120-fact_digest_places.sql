-- Components that show the digests of the facts themselves: the public API does by contract, a store where at least one
-- record showed the digest of one of its versions at baseline. Every other digest can be compared with baseline only.
SELECT DISTINCT component, kind
FROM placed_kinds
WHERE role = 'api' AND has_facts = 1
UNION
SELECT DISTINCT o.component, o.kind
FROM observations o
JOIN placed_kinds p ON p.gate = 'baseline' AND p.component = o.component AND p.kind = o.kind
JOIN versions v ON v.kind = o.kind AND v.id = o.id AND v.digest = o.digest
WHERE o.gate = 'baseline'
