-- title: Every reference leads to a record
-- judges: (SELECT l.gate, l.from_id FROM links l JOIN complete_observations c
--   ON c.gate = l.gate AND c.component = l.to_component)
-- needs: links, observations, steps
-- gates: baseline, restored, started
-- needs-complete: yes
-- applies-when: links
-- A deletion that was under way while the referring component was backed up may be half done there: the record it refers
-- to is gone first. Which of the two is right nobody can say, so it is no finding. A deletion of later is one.
SELECT l.gate, l.component, l.from_kind AS kind, l.from_id AS subject,
  l.label || ' leads to ' || l.to_kind || ' ' || l.to_id || ' in ' || l.to_component AS expected,
  l.to_kind || ' ' || l.to_id || ' is absent from ' || l.to_component AS actual,
  'the record in ' || l.component || ' refers to something that is not there' AS because
FROM (SELECT DISTINCT gate, component, from_kind, from_id, to_component, to_kind, to_id, label FROM links) l
JOIN complete_observations c ON c.gate = l.gate AND c.component = l.to_component
LEFT JOIN observed_records o
  ON o.gate = l.gate AND o.component = l.to_component AND o.kind = l.to_kind AND o.id = l.to_id
LEFT JOIN (
  SELECT m.gate, m.component, v.kind, v.id
  FROM moments m
  JOIN versions v ON v.op = 'delete' AND v.invoked_at < m.ended_at AND (v.acked_at IS NULL OR v.acked_at >= m.began_at)
  GROUP BY m.gate, m.component, v.kind, v.id
) u ON u.gate = l.gate AND u.component = l.component AND u.kind = l.to_kind AND u.id = l.to_id
WHERE o.id IS NULL AND u.id IS NULL
