-- Records that are there although their deletion was sure and nothing wrote them again.
SELECT e.gate, e.component, e.kind, e.id, e.sure_seq, e.sure_acked_at, e.began_at
FROM expected_records e
JOIN observed_records o ON o.gate = e.gate AND o.component = e.component AND o.kind = e.kind AND o.id = e.id
WHERE e.must_be_absent = 1 AND e.sure_seq IS NOT NULL
