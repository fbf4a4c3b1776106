-- What the facts allow each component to hold at each gate. Writes made after the restore are no part of it.
CREATE TABLE versions AS SELECT * FROM facts WHERE epoch <> 'again';

CREATE TABLE reach AS
SELECT m.gate, m.component, p.role, v.kind, v.id, v.seq, v.op, v.digest, v.outcome, v.acked_at,
       CASE WHEN v.outcome = 'ok' AND v.acked_at < m.began_at THEN 1 ELSE 0 END AS is_sure,
       CASE WHEN v.outcome IN ('ok', 'unknown') AND v.invoked_at < m.ended_at THEN 1 ELSE 0 END AS is_possible
FROM versions v
JOIN placed p ON p.kind = v.kind
JOIN moments m ON m.gate = p.gate AND m.component = p.component;

-- Sure: the last version acknowledged before the cut began.
CREATE TABLE sure AS
SELECT r.gate, r.component, r.kind, r.id, r.seq, min(r.op) AS op, min(r.digest) AS digest, min(r.acked_at) AS acked_at
FROM reach r
JOIN (SELECT gate, component, kind, id, max(seq) AS seq FROM reach WHERE is_sure = 1 GROUP BY gate, component, kind, id) l
  ON l.gate = r.gate AND l.component = r.component AND l.kind = r.kind AND l.id = r.id AND l.seq = r.seq
GROUP BY r.gate, r.component, r.kind, r.id, r.seq;

-- Possible: a later version invoked before the cut ended, whatever its outcome, unless the application refused it.
CREATE TABLE possible AS
SELECT r.gate, r.component, r.kind, r.id, r.seq, r.op, r.digest
FROM reach r
LEFT JOIN sure s ON s.gate = r.gate AND s.component = r.component AND s.kind = r.kind AND s.id = r.id
WHERE r.is_possible = 1 AND (s.seq IS NULL OR r.seq > s.seq);

CREATE TABLE expected_records AS
SELECT k.gate, k.component, k.role, k.kind, k.id, s.seq AS sure_seq, s.op AS sure_op, s.digest AS sure_digest, s.acked_at,
       m.began_at,
       CASE WHEN s.seq IS NOT NULL AND s.op <> 'delete' AND COALESCE(p.deletes, 0) = 0 THEN 1 ELSE 0 END AS must_exist,
       CASE WHEN (s.seq IS NULL OR s.op = 'delete') AND COALESCE(p.writes, 0) = 0 THEN 1 ELSE 0 END AS must_be_absent
FROM (SELECT DISTINCT gate, component, role, kind, id FROM reach) k
JOIN moments m ON m.gate = k.gate AND m.component = k.component
LEFT JOIN sure s ON s.gate = k.gate AND s.component = k.component AND s.kind = k.kind AND s.id = k.id
LEFT JOIN (
  SELECT gate, component, kind, id,
         sum(CASE WHEN op = 'delete' THEN 1 ELSE 0 END) AS deletes,
         sum(CASE WHEN op = 'delete' THEN 0 ELSE 1 END) AS writes
  FROM possible GROUP BY gate, component, kind, id
) p ON p.gate = k.gate AND p.component = k.component AND p.kind = k.kind AND p.id = k.id;

CREATE TABLE fact_kinds AS SELECT DISTINCT kind FROM versions;

-- One row for each record seen, however often an observer met it.
CREATE TABLE seen AS SELECT DISTINCT gate, component, kind, id FROM observations;
