-- The interval to which a component's content at a gate belongs. After a restore it is the component's cut; a component
-- without a cut shows what the others held, so it takes the hull over all cuts. So does an index once the application
-- is up, because the application may rebuild it from its store. At baseline it is the observation itself.
WITH components AS (
  SELECT component FROM placements
  UNION SELECT component FROM cuts
  UNION SELECT component FROM steps WHERE phase = 'observe'
),
own AS (
  SELECT component, MIN(began_at) AS began_at, MAX(ended_at) AS ended_at
  FROM cuts
  GROUP BY component
),
hull AS (
  SELECT MIN(began_at) AS began_at, MAX(ended_at) AS ended_at
  FROM cuts
),
indexes AS (
  SELECT component
  FROM placements
  GROUP BY component
  HAVING MAX(CASE WHEN role = 'index' THEN 0 ELSE 1 END) = 0
),
seen_at_baseline AS (
  SELECT component, MIN(began_at) AS began_at, MAX(ended_at) AS ended_at
  FROM steps
  WHERE phase = 'observe' AND id = 'baseline' AND began_at IS NOT NULL AND ended_at IS NOT NULL
  GROUP BY component
)
SELECT g.gate, c.component,
  CASE WHEN o.component IS NULL OR (g.gate = 'started' AND i.component IS NOT NULL) THEN h.began_at ELSE o.began_at END AS began_at,
  CASE WHEN o.component IS NULL OR (g.gate = 'started' AND i.component IS NOT NULL) THEN h.ended_at ELSE o.ended_at END AS ended_at
FROM gate_order g
CROSS JOIN components c
CROSS JOIN hull h
LEFT JOIN own o ON o.component = c.component
LEFT JOIN indexes i ON i.component = c.component
WHERE g.gate <> 'baseline' AND h.began_at IS NOT NULL
UNION ALL
SELECT 'baseline', component, began_at, ended_at
FROM seen_at_baseline
