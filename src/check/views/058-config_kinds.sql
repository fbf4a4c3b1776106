-- Configuration: what no write through the API ever changes.
SELECT DISTINCT gate, component, kind
FROM placed_kinds
WHERE role = 'config' AND has_facts = 0
