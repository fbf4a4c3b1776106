-- title: Nothing is there that no write before the cut explains
-- gates: baseline, restored, started
-- judges: seen WHERE kind IN (SELECT kind FROM fact_kinds) AND EXISTS (SELECT 1 FROM placed p WHERE p.gate = seen.gate AND p.component = seen.component AND p.kind = seen.kind)
SELECT s.gate, s.component, s.kind, s.id AS subject,
       'absent' AS expected,
       'present' AS actual,
       CASE WHEN e.id IS NULL THEN 'no write of this run ever named it'
            ELSE 'every write of it began after the cut of ' || s.component || ' had ended, or was refused' END AS because
FROM seen s
JOIN fact_kinds f ON f.kind = s.kind
JOIN placed p ON p.gate = s.gate AND p.component = s.component AND p.kind = s.kind
LEFT JOIN expected_records e ON e.gate = s.gate AND e.component = s.component AND e.kind = s.kind AND e.id = s.id
WHERE e.id IS NULL OR (e.must_be_absent = 1 AND e.sure_seq IS NULL)
