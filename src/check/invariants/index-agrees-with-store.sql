-- title: The index holds exactly the records that the store holds
-- gates: baseline, restored, started
-- judges: (SELECT s.gate FROM seen s JOIN placed p ON p.gate = s.gate AND p.component = s.component AND p.kind = s.kind AND p.role = 'store' JOIN placed i ON i.gate = s.gate AND i.kind = s.kind AND i.role = 'index')
-- absence: yes
SELECT s.gate, i.component, s.kind, s.id AS subject,
       'indexed' AS expected, 'missing in the index' AS actual,
       'it is in ' || s.component || ', but a search in ' || i.component || ' does not find it' AS because
FROM seen s
JOIN placed p ON p.gate = s.gate AND p.component = s.component AND p.kind = s.kind AND p.role = 'store'
JOIN placed i ON i.gate = s.gate AND i.kind = s.kind AND i.role = 'index'
JOIN complete_observations c ON c.gate = i.gate AND c.component = i.component
LEFT JOIN seen x ON x.gate = i.gate AND x.component = i.component AND x.kind = s.kind AND x.id = s.id
WHERE x.id IS NULL
UNION ALL
SELECT x.gate, x.component, x.kind, x.id,
       'absent', 'ghost in the index',
       'a search in ' || x.component || ' finds it, but it is not in ' || p.component
FROM seen x
JOIN placed i ON i.gate = x.gate AND i.component = x.component AND i.kind = x.kind AND i.role = 'index'
JOIN placed p ON p.gate = x.gate AND p.kind = x.kind AND p.role = 'store'
JOIN complete_observations c ON c.gate = p.gate AND c.component = p.component
LEFT JOIN seen s ON s.gate = p.gate AND s.component = p.component AND s.kind = x.kind AND s.id = x.id
WHERE s.id IS NULL
