-- title: The restore did every step, in order, without a failure
-- judges: (SELECT id FROM steps WHERE phase = 'restore' AND planned IS NOT NULL)
-- needs: steps
-- gates: run
WITH blocks AS (
  SELECT id, component, planned, position, began_at, ended_at, exit_code, message
  FROM steps
  WHERE phase = 'restore'
),
done AS (
  SELECT id, component, planned, began_at,
    LAG(id) OVER (ORDER BY position, began_at, id) AS previous_id,
    LAG(ended_at) OVER (ORDER BY position, began_at, id) AS previous_ended_at,
    MAX(planned) OVER (ORDER BY position, began_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS furthest_planned
  FROM blocks
  WHERE began_at IS NOT NULL
)
SELECT 'run' AS gate, component, 'step' AS kind, id AS subject,
  'done as number ' || CAST(planned AS VARCHAR(20)) AS expected, 'not done' AS actual,
  'the runbook has this step and the restore ended without it' AS because
FROM blocks
WHERE planned IS NOT NULL AND began_at IS NULL
UNION ALL
SELECT 'run', component, 'step', id, 'not done', 'done', 'the runbook has no such step in its restore'
FROM blocks
WHERE planned IS NULL
UNION ALL
SELECT 'run', component, 'step', id, 'exit status 0',
  CASE WHEN exit_code IS NULL THEN 'no end' ELSE 'exit status ' || CAST(exit_code AS VARCHAR(20)) END,
  'the step failed: ' || COALESCE(message, 'it said nothing')
FROM blocks
WHERE began_at IS NOT NULL AND (exit_code IS NULL OR exit_code <> 0)
UNION ALL
SELECT 'run', component, 'step', id,
  'done before step ' || CAST(furthest_planned AS VARCHAR(20)), 'done after it',
  'the runbook gives an order, and the restore did another'
FROM done
WHERE furthest_planned > planned
UNION ALL
SELECT 'run', component, 'step', id,
  'begun after ' || previous_id || ' ended', 'begun before it ended',
  'a step of a runbook may rely on everything before it being complete'
FROM done
WHERE previous_id IS NOT NULL AND (previous_ended_at IS NULL OR began_at < previous_ended_at)
