-- The gate at which each component shows first what the restore brought: before the application starts where it can be
-- read then, and after it otherwise. Components that hold nothing that Muster wrote, or that were not read, have none.
SELECT x.component, g.gate
FROM (
  SELECT p.component, MIN(g.gate_number) AS gate_number
  FROM placed_kinds p
  JOIN gate_order g ON g.gate = p.gate
  JOIN complete_observations c ON c.gate = p.gate AND c.component = p.component
  WHERE p.has_facts = 1 AND p.gate <> 'baseline'
  GROUP BY p.component
) x
JOIN gate_order g ON g.gate_number = x.gate_number
