-- title: New work becomes visible everywhere
-- judges: (SELECT gate, id FROM observations WHERE kind = 'canary' AND component = 'zeebe')
-- needs: observations, steps
-- gates: baseline, started
-- needs-complete: store, index, api
-- I16. An instance that the engine acknowledged after the start has to reach every index. With an import position ahead
-- of the engine's log it never does, while everything says that it is healthy.
SELECT e.gate, k.component, e.kind, e.id AS subject,
  'visible within the time that settling may take' AS expected,
  'absent' AS actual,
  'the engine acknowledged it, and ' || k.component || ' does not take new records in' AS because
FROM observations e
JOIN complete_observations k ON k.gate = e.gate AND k.component IN ('records', 'operate', 'tasklist', 'optimize', 'api')
LEFT JOIN observations o
  ON o.gate = e.gate AND o.component = k.component AND o.kind = 'canary' AND o.id = e.id
WHERE e.kind = 'canary' AND e.component = 'zeebe' AND o.id IS NULL
