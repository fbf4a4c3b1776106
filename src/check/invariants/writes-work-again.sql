-- title: The restored application takes writes and gives them back
-- gates: run
-- judges: facts WHERE epoch = 'again'
SELECT 'run' AS gate, 'api' AS component, f.kind, f.id AS subject,
       'acknowledged, read back by id, found by search' AS expected,
       f.outcome AS actual,
       COALESCE(f.message, 'the write was not acknowledged') AS because
FROM facts f
WHERE f.epoch = 'again' AND f.outcome <> 'ok'
