-- Opaque kinds whose restored content can be told: nothing at all was written between the moment at which the component
-- was read at baseline and the end of its cut. They are judged at the first gate after the restore at which they must
-- be there; later the application itself may have changed them. Configuration has an invariant of its own.
WITH first_gates AS (
  SELECT p.component, p.kind, MIN(g.gate_number) AS gate_number
  FROM placed_kinds p
  JOIN gate_order g ON g.gate = p.gate
  WHERE p.gate <> 'baseline' AND p.has_facts = 0 AND p.role <> 'config'
  GROUP BY p.component, p.kind
),
intervals AS (
  SELECT m.gate, m.component, b.began_at AS seen_at, m.ended_at
  FROM moments m
  JOIN moments b ON b.gate = 'baseline' AND b.component = m.component
  JOIN complete_observations c ON c.gate = 'baseline' AND c.component = m.component
  WHERE m.gate <> 'baseline'
),
disturbed AS (
  SELECT i.gate, i.component, COUNT(*) AS writes
  FROM intervals i
  CROSS JOIN facts f
  WHERE f.epoch <> 'again' AND f.invoked_at < i.ended_at
    AND (f.invoked_at >= i.seen_at OR f.acked_at >= i.seen_at)
  GROUP BY i.gate, i.component
)
SELECT i.gate, i.component, k.kind
FROM intervals i
JOIN gate_order g ON g.gate = i.gate
JOIN first_gates k ON k.component = i.component AND k.gate_number = g.gate_number
LEFT JOIN disturbed d ON d.gate = i.gate AND d.component = i.component
WHERE d.component IS NULL
