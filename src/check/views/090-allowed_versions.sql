-- Versions that a component may show at a gate: the sure one and every later possible one, deletions left out.
SELECT DISTINCT e.gate, e.component, e.kind, e.id, v.seq, v.digest
FROM expected_records e
JOIN versions v ON v.kind = e.kind AND v.id = e.id
WHERE v.op <> 'delete'
  AND (v.seq = e.sure_seq OR (v.seq > COALESCE(e.sure_seq, -1) AND v.invoked_at < e.ended_at))
