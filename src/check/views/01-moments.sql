-- Until when a write must be in a component, and from when on it cannot be: the component's cut. A component without a cut
-- of its own (the public API) takes the hull of all cuts. At baseline both are the begin of the observation.
CREATE TABLE gate_order AS
SELECT 'baseline' AS gate, 1 AS place UNION ALL SELECT 'restored', 2 UNION ALL SELECT 'started', 3;

CREATE TABLE baseline_moment AS
SELECT min(began_at) AS moment_at FROM steps WHERE phase = 'observe' AND id = 'baseline';

CREATE TABLE moments AS
SELECT g.gate, k.component, COALESCE(o.began_at, h.began_at) AS began_at, COALESCE(o.ended_at, h.ended_at) AS ended_at
FROM (SELECT DISTINCT component FROM placements) k
CROSS JOIN (SELECT gate FROM gate_order WHERE gate <> 'baseline') g
CROSS JOIN (SELECT min(began_at) AS began_at, max(ended_at) AS ended_at FROM cuts) h
LEFT JOIN (SELECT component, min(began_at) AS began_at, max(ended_at) AS ended_at FROM cuts GROUP BY component) o
  ON o.component = k.component
WHERE h.began_at IS NOT NULL
UNION ALL
SELECT 'baseline', k.component, b.moment_at, b.moment_at
FROM (SELECT DISTINCT component FROM placements) k
CROSS JOIN baseline_moment b
WHERE b.moment_at IS NOT NULL;

-- Which component must hold which kind at which gate. The public API does not answer while the application is down.
CREATE TABLE placed AS
SELECT g.gate, p.component, p.kind, p.role
FROM placements p
JOIN gate_order s ON s.gate = p.since_gate
JOIN gate_order g ON g.place >= s.place
WHERE NOT (p.role = 'api' AND g.gate = 'restored');

-- Components that were read to the end at a gate. About any other nothing can be called absent.
CREATE TABLE complete_observations AS
SELECT DISTINCT id AS gate, component FROM steps WHERE phase = 'observe' AND exit_code = 0;

CREATE TABLE incomplete_observations AS
SELECT DISTINCT p.gate, p.component, p.role
FROM placed p
LEFT JOIN complete_observations c ON c.gate = p.gate AND c.component = p.component
WHERE c.component IS NULL;
