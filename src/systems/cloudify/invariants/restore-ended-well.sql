-- title: The restore itself ended well, and the manager is back in service
-- judges: (SELECT gate, id FROM observations WHERE gate = 'started' AND kind IN ('restore-execution', 'manager-state'))
-- needs: observations, steps
-- gates: started
-- needs-complete: api
-- I1, A4. The status that the procedure polls says only that no restore runs, after a failed one as well. What became of it is
-- in its own execution. A manager that was left in maintenance executes nothing.
SELECT o.gate, o.component, o.kind, o.id AS subject,
  'terminated' AS expected,
  COALESCE(o.digest, 'unknown') AS actual,
  'a restore that did not come to its end leaves what it had done until then' AS because
FROM observations o
WHERE o.gate = 'started' AND o.kind = 'restore-execution' AND COALESCE(o.digest, 'unknown') <> 'terminated'
UNION ALL
SELECT c.gate, c.component, 'restore-execution', 'restore_snapshot', 'one execution',
  CAST(COUNT(o.id) AS VARCHAR(20)) || ' executions',
  'the restored manager keeps the execution that restored it, and brings none along'
FROM complete_observations c
LEFT JOIN observations o ON o.gate = c.gate AND o.component = c.component AND o.kind = 'restore-execution'
WHERE c.gate = 'started' AND c.component = 'api'
GROUP BY c.gate, c.component
HAVING COUNT(o.id) <> 1
UNION ALL
SELECT o.gate, o.component, o.kind, o.id,
  CASE WHEN o.id = 'maintenance' THEN 'deactivated' ELSE 'not-running' END,
  COALESCE(o.digest, 'unknown'),
  'what is due while the manager is not in service does not run'
FROM observations o
WHERE o.gate = 'started' AND o.kind = 'manager-state'
  AND COALESCE(o.digest, 'unknown') <> CASE WHEN o.id = 'maintenance' THEN 'deactivated' ELSE 'not-running' END
UNION ALL
SELECT o.gate, o.component, o.kind, o.id, 'terminated, or none', COALESCE(o.digest, 'unknown'),
  'the execution that made the snapshot was under way when it was made, and nobody ends it any more'
FROM observations o
WHERE o.gate = 'started' AND o.kind = 'snapshot-execution' AND COALESCE(o.digest, 'unknown') <> 'terminated'
