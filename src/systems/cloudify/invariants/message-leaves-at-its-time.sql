-- title: What waits leaves the broker at its time
-- judges: (SELECT d.gate, d.id FROM observations d
--   JOIN observations r ON r.gate = d.gate AND r.kind = 'scheduled-row' AND r.id = d.id AND r.seq IS NOT NULL
--   JOIN (SELECT DISTINCT phase FROM steps WHERE phase = 'restore' AND began_at IS NOT NULL AND component LIKE '%broker%') p ON 1 = 1
--   WHERE d.kind = 'scheduled-delay' AND d.gate IN ('restored', 'started'))
-- needs: observations, steps
-- gates: restored, started
-- needs-complete: store
-- I10, K1, K2. A queue keeps its message for a time that is counted from when it was put there, which was while a step of
-- Restore that names the broker ran. By a clock that is right, due time less delay lies within that step, and by a manager's
-- clock that is ahead or behind it does not, and the execution comes too early or too late by as much. Two seconds are
-- allowed for rounding. A delay of ten years, the broker's longest, is put into the queue again when it is over.
WITH put AS (
  SELECT MIN(began_at) - 2000 AS began_at, MAX(ended_at) + 2000 AS ended_at
  FROM steps
  WHERE phase = 'restore' AND began_at IS NOT NULL
    AND component LIKE '%broker%'
)
SELECT d.gate, d.component, 'scheduled-message' AS kind, d.id AS subject,
  'leaves at ' || CAST(r.seq AS VARCHAR(20)) AS expected,
  CASE WHEN d.seq IS NULL THEN 'never leaves'
    WHEN r.seq - d.seq < p.began_at THEN 'leaves at least ' || CAST(p.began_at - (r.seq - d.seq) AS VARCHAR(20)) || ' ms late'
    ELSE 'leaves at least ' || CAST(r.seq - d.seq - p.ended_at AS VARCHAR(20)) || ' ms early' END AS actual,
  'it was put into its queue by another clock than that of the other machines' AS because
FROM observations d
JOIN observations r ON r.gate = d.gate AND r.kind = 'scheduled-row' AND r.id = d.id AND r.seq IS NOT NULL
CROSS JOIN put p
WHERE d.kind = 'scheduled-delay' AND d.gate IN ('restored', 'started')
  AND (d.seq IS NULL OR (d.seq < 315360000000 AND (r.seq - d.seq < p.began_at OR r.seq - d.seq > p.ended_at)))
