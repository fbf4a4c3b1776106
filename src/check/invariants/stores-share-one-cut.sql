-- title: A record is in all of its components or in none
-- gates: restored
-- judges: (SELECT e.gate FROM expected_records e WHERE e.role IN ('store', 'index', 'blob'))
-- absence: yes
SELECT a.gate, b.component, a.kind, a.id AS subject,
       'present, as it is in ' || a.component AS expected, 'absent' AS actual,
       'the write was under way while the components were copied, and they were copied at different moments' AS because
FROM seen a
JOIN expected_records e ON e.gate = a.gate AND e.component = a.component AND e.kind = a.kind AND e.id = a.id AND e.must_exist = 0 AND e.must_be_absent = 0
JOIN placed b ON b.gate = a.gate AND b.kind = a.kind AND b.component <> a.component
JOIN expected_records x ON x.gate = a.gate AND x.component = b.component AND x.kind = a.kind AND x.id = a.id AND x.must_exist = 0
JOIN complete_observations c ON c.gate = b.gate AND c.component = b.component
LEFT JOIN seen s ON s.gate = a.gate AND s.component = b.component AND s.kind = a.kind AND s.id = a.id
WHERE a.gate = 'restored' AND s.id IS NULL
