-- title: No id in use lies beyond the ids that were given out
-- judges: (SELECT o.gate, o.id FROM observations o WHERE o.kind = 'id-block-used')
-- needs: observations, steps
-- gates: baseline, restored, started
-- needs-complete: store
-- JanusGraph gives out ids in blocks and notes the end of each. With an older note beside newer rows it gives the same
-- ids again, and new records overwrite old ones without an error.
SELECT u.gate, u.component, u.kind, 'partition ' || u.id AS subject,
  'ids below the end of the last block, ' || COALESCE(CAST(a.seq AS VARCHAR(20)), 'none given out') AS expected,
  'an id in use at ' || CAST(u.seq AS VARCHAR(20)) AS actual,
  'the graph will give out ids that are in use, and overwrite their records' AS because
FROM observations u
LEFT JOIN observations a
  ON a.gate = u.gate AND a.component = u.component AND a.kind = 'id-block-allocated' AND a.id = u.id
WHERE u.kind = 'id-block-used' AND (a.seq IS NULL OR u.seq >= a.seq)
