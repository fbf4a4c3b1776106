-- Where a kind must be found at each gate. since_gate counts from the restore on: before the disaster (baseline) the
-- application runs, so whatever was read there is judged too. The public API does not answer at gate restored, while the
-- application is down.
SELECT DISTINCT g.gate, p.component, p.kind, p.role,
  CASE WHEN f.kind IS NULL THEN 0 ELSE 1 END AS has_facts
FROM placements p
JOIN gate_order s ON s.gate = p.since_gate
CROSS JOIN gate_order g
LEFT JOIN attempted_observations a ON a.gate = g.gate AND a.component = p.component
LEFT JOIN fact_kinds f ON f.kind = p.kind
WHERE (g.gate_number >= s.gate_number OR (g.gate = 'baseline' AND a.component IS NOT NULL))
  AND NOT (p.role = 'api' AND g.gate = 'restored')
