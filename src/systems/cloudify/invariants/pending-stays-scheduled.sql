-- title: What is not yet due still waits
-- judges: (SELECT g.gate, b.id FROM observations b JOIN complete_observations g ON g.component = b.component AND g.gate <> 'baseline'
--   JOIN steps t ON t.phase = 'observe' AND t.id = g.gate AND t.component = g.component AND t.exit_code = 0
--   WHERE b.gate = 'baseline' AND b.kind IN ('scheduled-row', 'schedule-next') AND b.seq > t.ended_at + 60000)
-- needs: observations, steps
-- gates: restored, started
-- needs-complete: store
-- S3, R1. Judged is what was waiting at baseline and is due at least a minute after the look. A manager whose clock is ahead
-- takes it for overdue, and marks it as failed.
SELECT g.gate, b.component, b.kind, b.id AS subject,
  'scheduled, due at ' || CAST(b.seq AS VARCHAR(20)) AS expected,
  'no longer scheduled' AS actual,
  'it was waiting before the snapshot, and its time has not come' AS because
FROM observations b
JOIN complete_observations g ON g.component = b.component AND g.gate <> 'baseline'
JOIN steps t ON t.phase = 'observe' AND t.id = g.gate AND t.component = g.component AND t.exit_code = 0
LEFT JOIN observations o ON o.gate = g.gate AND o.component = b.component AND o.kind = b.kind AND o.id = b.id
WHERE b.gate = 'baseline' AND b.kind IN ('scheduled-row', 'schedule-next') AND b.seq > t.ended_at + 60000 AND o.id IS NULL
