-- Records seen in completely read components, once each, with the number of times that they were seen.
SELECT o.gate, o.component, o.kind, o.id, COUNT(*) AS copies
FROM observations o
JOIN complete_observations c ON c.gate = o.gate AND c.component = o.component
GROUP BY o.gate, o.component, o.kind, o.id
