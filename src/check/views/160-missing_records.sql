-- Records that must be there and are not.
SELECT r.gate, r.component, r.kind, r.id, r.sure_seq, r.sure_acked_at, r.began_at
FROM required_records r
LEFT JOIN observed_records o ON o.gate = r.gate AND o.component = r.component AND o.kind = r.kind AND o.id = r.id
WHERE o.id IS NULL
