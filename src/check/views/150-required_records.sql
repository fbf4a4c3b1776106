-- Records that must be there, in components where an absence can be judged.
SELECT e.gate, e.component, e.kind, e.id, e.sure_seq, e.sure_acked_at, e.began_at
FROM expected_records e
JOIN complete_observations c ON c.gate = e.gate AND c.component = e.component
WHERE e.must_exist = 1
UNION ALL
SELECT DISTINCT u.gate, u.component, u.kind, u.id,
  CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)
FROM unchanged_since_baseline u
JOIN complete_observations c ON c.gate = u.gate AND c.component = u.component
WHERE u.is_opaque = 1
