-- The first commands of a started system. Those of before the backup belong to the baseline.
SELECT CASE WHEN c.began_at IS NULL OR f.invoked_at < c.began_at THEN 'baseline' ELSE 'started' END AS gate,
  f.kind, f.id, f.outcome, f.message, f.invoked_at
FROM facts f
CROSS JOIN (SELECT MIN(began_at) AS began_at FROM cuts) c
WHERE f.epoch = 'probe'
