-- Whether a component contains what each acknowledged write made of a record: 1, 0, or null where nobody can tell. A record
-- that says which version it is contains that one and all before it. One that does not say is there or not. A record that
-- is absent was deleted before the cut ended, or never arrived: only where it was surely there before is it the former,
-- and only in a component that lacks nothing else: one that is empty says nothing about deletions.
WITH places AS (
  SELECT DISTINCT l.component, l.gate, p.kind
  FROM looked_at l
  JOIN placed_kinds p ON p.component = l.component AND p.gate = l.gate AND p.has_facts = 1
),
seen AS (
  SELECT o.component, o.kind, o.id, MAX(o.seq) AS seq
  FROM observations o
  JOIN looked_at l ON l.component = o.component AND l.gate = o.gate
  GROUP BY o.component, o.kind, o.id
),
last_deletes AS (
  SELECT p.component, v.kind, v.id, MAX(v.seq) AS seq
  FROM places p
  JOIN moments m ON m.component = p.component AND m.gate = p.gate
  JOIN versions v ON v.kind = p.kind AND v.op = 'delete' AND v.invoked_at < m.ended_at
  GROUP BY p.component, v.kind, v.id
)
SELECT p.component, v.kind, v.id, v.seq, v.op, v.invoked_at, v.acked_at,
  CASE
    WHEN s.id IS NOT NULL AND s.seq IS NOT NULL THEN CASE WHEN v.seq <= s.seq THEN 1 ELSE 0 END
    WHEN s.id IS NOT NULL THEN CASE WHEN v.op = 'delete' THEN 0 ELSE 1 END
    WHEN d.seq IS NULL OR v.seq > d.seq THEN 0
    WHEN e.sure_seq IS NOT NULL AND m.component IS NULL THEN 1
    ELSE NULL
  END AS contained
FROM places p
JOIN versions v ON v.kind = p.kind AND v.outcome = 'ok'
LEFT JOIN seen s ON s.component = p.component AND s.kind = v.kind AND s.id = v.id
LEFT JOIN last_deletes d ON d.component = p.component AND d.kind = v.kind AND d.id = v.id
LEFT JOIN expected_records e
  ON e.gate = p.gate AND e.component = p.component AND e.kind = v.kind AND e.id = v.id
LEFT JOIN (SELECT DISTINCT gate, component FROM missing_records) m ON m.gate = p.gate AND m.component = p.component
