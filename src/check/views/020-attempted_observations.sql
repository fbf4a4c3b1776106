-- Components that somebody tried to read at a gate, with or without success.
SELECT DISTINCT id AS gate, component
FROM steps
WHERE phase = 'observe'
