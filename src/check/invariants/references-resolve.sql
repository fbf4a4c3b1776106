-- title: Every reference leads to a record that is there
-- gates: baseline, restored, started
-- judges: (SELECT l.gate FROM links l JOIN complete_observations c ON c.gate = l.gate AND c.component = l.to_component)
-- absence: yes
SELECT l.gate, l.component, l.from_kind AS kind, l.from_id AS subject,
       l.label || ' leads to ' || l.to_kind || ' ' || l.to_id || ' in ' || l.to_component AS expected,
       'no such ' || l.to_kind || ' in ' || l.to_component AS actual,
       'a record that points at nothing is torn: one side came back without the other' AS because
FROM links l
JOIN complete_observations c ON c.gate = l.gate AND c.component = l.to_component
LEFT JOIN seen s ON s.gate = l.gate AND s.component = l.to_component AND s.kind = l.to_kind AND s.id = l.to_id
WHERE s.id IS NULL
