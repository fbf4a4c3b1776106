-- Gates in their order within a run.
SELECT 'baseline' AS gate, 1 AS gate_number
UNION ALL SELECT 'restored', 2
UNION ALL SELECT 'started', 3
