-- title: Every step of Back up was done and ended well
-- gates: run
-- judges: steps WHERE phase = 'backup'
SELECT 'run' AS gate, s.component, 'step' AS kind, s.id AS subject,
       'exit 0' AS expected,
       CASE WHEN s.position IS NULL THEN 'not done' ELSE 'exit ' || CAST(s.exit_code AS VARCHAR) END AS actual,
       COALESCE(s.message, 'an earlier step failed') AS because
FROM steps s
WHERE s.phase = 'backup' AND (s.position IS NULL OR s.exit_code <> 0)
