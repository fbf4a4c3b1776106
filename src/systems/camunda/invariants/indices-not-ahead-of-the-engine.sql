-- title: No index has seen more than the engine holds
-- judges: (SELECT p.gate, p.id FROM observations p WHERE p.kind IN ('import-position', 'record-position')
--   AND p.gate IN (SELECT gate FROM observations WHERE kind IN ('log-end', 'exported-position')))
-- needs: observations, steps
-- gates: baseline, restored, started
-- I4a. An importer that has come further than the engine's log shows what the engine never heard of, and takes new
-- records for old ones, so that new work stays invisible. The cut of the backup counts. Without one, the end of the log does.
WITH bounds AS (
  SELECT e.gate, e.component, e.id, MIN(COALESCE(c.seq, e.seq)) AS bound
  FROM observations e
  LEFT JOIN observations c
    ON c.gate = e.gate AND c.component = e.component AND c.kind = 'checkpoint' AND c.id = e.id
  WHERE e.kind IN ('log-end', 'exported-position')
  GROUP BY e.gate, e.component, e.id
),
positions AS (
  SELECT gate, component, kind, id, seq, SPLIT_PART(id, '/', 1) AS partition_id
  FROM observations
  WHERE kind IN ('import-position', 'record-position')
)
SELECT p.gate, p.component, p.kind, 'partition ' || p.id AS subject,
  'at most ' || COALESCE(CAST(b.bound AS VARCHAR(20)), 'nothing: the engine has no such partition') AS expected,
  CAST(p.seq AS VARCHAR(20)) AS actual,
  'the index is ahead of the engine: it shows what the engine does not hold, and leaves new work out' AS because
FROM positions p
JOIN (SELECT DISTINCT gate FROM bounds) g ON g.gate = p.gate
LEFT JOIN bounds b ON b.gate = p.gate AND b.id = p.partition_id
WHERE b.bound IS NULL OR p.seq > b.bound
