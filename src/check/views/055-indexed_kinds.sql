-- Kinds that must be found both in a store and in an index over it.
SELECT DISTINCT s.gate, s.kind, s.component AS store_component, i.component AS index_component
FROM placed_kinds s
JOIN placed_kinds i ON i.gate = s.gate AND i.kind = s.kind
WHERE s.role = 'store' AND i.role = 'index'
