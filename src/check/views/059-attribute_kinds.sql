-- Kinds that are what a store keeps beside the content of its records: one has the id of the record that it is about.
SELECT DISTINCT gate, component, kind
FROM placed_kinds
WHERE role = 'attributes' AND has_facts = 0
