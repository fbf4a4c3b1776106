-- title: Every partition came back
-- judges: (SELECT k.gate, b.id FROM complete_observations k
--   JOIN observations b ON b.gate = 'baseline' AND b.component = k.component AND b.kind = 'exported-position'
--   WHERE k.gate <> 'baseline')
-- needs: observations, steps
-- gates: restored, started
SELECT k.gate, k.component, 'partition' AS kind, 'partition ' || b.id AS subject,
  'files of the partition, or a leader' AS expected,
  'absent' AS actual,
  'the partition was there before, and everything on it is gone' AS because
FROM complete_observations k
JOIN observations b ON b.gate = 'baseline' AND b.component = k.component AND b.kind = 'exported-position'
LEFT JOIN observations o
  ON o.gate = k.gate AND o.component = k.component AND o.kind IN ('log-end', 'exported-position') AND o.id = b.id
WHERE k.gate <> 'baseline' AND o.id IS NULL
UNION ALL
SELECT k.gate, k.component, 'partition', 'partition ' || o.id, 'absent (as at baseline)', 'present',
  'keys name their partition: with another number of partitions they lead elsewhere'
FROM complete_observations k
JOIN observations o
  ON o.gate = k.gate AND o.component = k.component AND o.kind IN ('log-end', 'exported-position')
JOIN complete_observations c ON c.gate = 'baseline' AND c.component = k.component
LEFT JOIN observations b
  ON b.gate = 'baseline' AND b.component = k.component AND b.kind = 'exported-position' AND b.id = o.id
WHERE k.gate <> 'baseline' AND b.id IS NULL
