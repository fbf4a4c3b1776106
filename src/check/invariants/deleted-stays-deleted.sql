-- title: What was deleted before the cut stays deleted
-- gates: baseline, restored, started
-- judges: expected_records WHERE must_be_absent = 1 AND sure_op = 'delete'
-- absence: yes
SELECT e.gate, e.component, e.kind, e.id AS subject,
       'absent (deleted as version ' || CAST(e.sure_seq AS VARCHAR) || ')' AS expected,
       'present' AS actual,
       'its delete was acknowledged ' || CAST(e.began_at - e.acked_at AS VARCHAR) || ' ms before the cut of ' || e.component || ' began' AS because
FROM expected_records e
JOIN seen s ON s.gate = e.gate AND s.component = e.component AND s.kind = e.kind AND s.id = e.id
WHERE e.must_be_absent = 1 AND e.sure_op = 'delete'
