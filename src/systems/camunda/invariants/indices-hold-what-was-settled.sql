-- title: Every index is there, with at least what it held before the backup
-- judges: (SELECT k.gate, b.id FROM complete_observations k
--   JOIN observations b ON b.gate = 'baseline' AND b.component = k.component AND b.kind IN ('index', 'alias')
--   WHERE k.gate <> 'baseline')
-- needs: observations, steps
-- gates: restored, started
-- Nothing in these indices is deleted while a drill runs. A part that was not restored leaves an index out, or an empty
-- one that the application made again by itself, without the alias that it writes through.
SELECT k.gate, k.component, b.kind, b.id AS subject,
  CASE WHEN b.kind = 'alias' THEN 'for ' || COALESCE(b.digest, 'an index') || ' (as at baseline)'
    ELSE 'at least ' || CAST(b.seq AS VARCHAR(20)) || ' documents (as at baseline)' END AS expected,
  CASE WHEN o.id IS NULL THEN 'absent'
    WHEN b.kind = 'alias' THEN 'for ' || COALESCE(o.digest, 'nothing')
    ELSE CAST(o.seq AS VARCHAR(20)) || ' documents' END AS actual,
  CASE WHEN b.kind = 'alias' THEN 'the application writes through this alias'
    ELSE 'it was settled before the backup began, so the backup must hold it' END AS because
FROM complete_observations k
JOIN observations b ON b.gate = 'baseline' AND b.component = k.component AND b.kind IN ('index', 'alias')
LEFT JOIN observations o
  ON o.gate = k.gate AND o.component = k.component AND o.kind = b.kind AND o.id = b.id
WHERE k.gate <> 'baseline'
  AND (o.id IS NULL
    OR (b.kind = 'index' AND o.seq < b.seq)
    -- At midnight records get a further index behind the same alias.
    OR (b.kind = 'alias' AND o.digest NOT LIKE b.digest || '%'))
