-- title: The exporter goes on where the exported records end
-- judges: (SELECT gate, id FROM observations WHERE kind = 'exporter-position')
-- needs: observations, steps
-- gates: restored
-- I4b. The engine exports again from the position that its snapshot holds. Records between the end of the restored
-- indices and that position are in no index, and never will be.
SELECT e.gate, e.component, e.kind, 'partition ' || e.id AS subject,
  'records up to at least ' || CAST(e.seq AS VARCHAR(20)) AS expected,
  COALESCE('records up to ' || CAST(r.seq AS VARCHAR(20)), 'no record of this partition') AS actual,
  'what lies between is exported by nobody: Operate, Tasklist and Optimize will never show it' AS because
FROM observations e
LEFT JOIN observations r ON r.gate = e.gate AND r.kind = 'record-position' AND r.id = e.id
WHERE e.kind = 'exporter-position' AND e.seq > COALESCE(r.seq, 0)
