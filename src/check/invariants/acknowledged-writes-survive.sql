-- title: Every acknowledged write is found in every component that must hold it
-- gates: baseline, restored, started
-- judges: expected_records WHERE must_exist = 1
-- absence: yes
SELECT e.gate, e.component, e.kind, e.id AS subject,
       'present (version ' || CAST(e.sure_seq AS VARCHAR) || ')' AS expected,
       'absent' AS actual,
       'its ' || e.sure_op || ' was acknowledged ' || CAST(e.began_at - e.acked_at AS VARCHAR) || ' ms before the cut of ' || e.component || ' began, and no later delete was under way' AS because
FROM expected_records e
JOIN complete_observations c ON c.gate = e.gate AND c.component = e.component
LEFT JOIN seen s ON s.gate = e.gate AND s.component = e.component AND s.kind = e.kind AND s.id = e.id
WHERE e.must_exist = 1 AND s.id IS NULL
