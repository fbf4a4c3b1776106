-- Kinds that must be found in two components with data of their own; what the application itself serves is none.
SELECT DISTINCT a.gate, a.kind, a.component AS one_component, b.component AS other_component
FROM placed_kinds a
JOIN placed_kinds b ON b.gate = a.gate AND b.kind = a.kind
WHERE a.role <> 'api' AND b.role <> 'api' AND a.component <> b.component
