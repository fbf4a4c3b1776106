-- Kinds whose id is the SHA-256 that their content must have.
SELECT DISTINCT gate, component, kind
FROM placed_kinds
WHERE role = 'blob'
