-- What each component must hold at each gate, for every record that was ever written. Sure is the last version that was
-- acknowledged before the component's cut began; possible is every later version that was invoked before the cut ended,
-- whatever became of it. A record that nothing made sure and something made possible may be there or not.
WITH places AS (
  SELECT DISTINCT p.gate, p.component, p.kind, m.began_at, m.ended_at
  FROM placed_kinds p
  JOIN moments m ON m.gate = p.gate AND m.component = p.component
  WHERE p.has_facts = 1
),
sure AS (
  SELECT p.gate, p.component, p.kind, v.id, MAX(v.seq) AS sure_seq
  FROM places p
  JOIN versions v ON v.kind = p.kind
  WHERE v.outcome = 'ok' AND v.acked_at < p.began_at
  GROUP BY p.gate, p.component, p.kind, v.id
),
counted AS (
  SELECT p.gate, p.component, p.kind, v.id, p.began_at, p.ended_at, s.sure_seq,
    MAX(CASE WHEN v.seq = s.sure_seq THEN v.acked_at END) AS sure_acked_at,
    SUM(CASE WHEN v.seq = s.sure_seq AND v.op = 'delete' THEN 1 ELSE 0 END) AS sure_deletes,
    SUM(CASE WHEN v.seq = s.sure_seq AND v.op <> 'delete' THEN 1 ELSE 0 END) AS sure_writes,
    SUM(CASE WHEN (s.sure_seq IS NULL OR v.seq > s.sure_seq) AND v.invoked_at < p.ended_at AND v.op = 'delete'
      THEN 1 ELSE 0 END) AS possible_deletes,
    SUM(CASE WHEN (s.sure_seq IS NULL OR v.seq > s.sure_seq) AND v.invoked_at < p.ended_at AND v.op <> 'delete'
      THEN 1 ELSE 0 END) AS possible_writes
  FROM places p
  JOIN versions v ON v.kind = p.kind
  LEFT JOIN sure s ON s.gate = p.gate AND s.component = p.component AND s.kind = p.kind AND s.id = v.id
  GROUP BY p.gate, p.component, p.kind, v.id, p.began_at, p.ended_at, s.sure_seq
)
SELECT gate, component, kind, id, began_at, ended_at, sure_seq, sure_acked_at,
  sure_deletes, sure_writes, possible_deletes, possible_writes,
  CASE WHEN sure_writes > 0 AND sure_deletes = 0 AND possible_deletes = 0 THEN 1 ELSE 0 END AS must_exist,
  CASE WHEN sure_writes = 0 AND possible_writes = 0 THEN 1 ELSE 0 END AS must_be_absent
FROM counted
