-- Components that were read to the end at a gate. Of any other component no absence may be judged.
SELECT DISTINCT id AS gate, component
FROM steps
WHERE phase = 'observe' AND exit_code = 0
