-- title: Every step of Back up was done and ended well
-- judges: (SELECT id FROM steps WHERE phase = 'backup')
-- needs: steps
-- gates: run
SELECT 'run' AS gate, component, 'step' AS kind, id AS subject,
  'exit status 0' AS expected,
  CASE
    WHEN position IS NULL THEN 'not done'
    WHEN exit_code IS NULL THEN 'no end'
    ELSE 'exit status ' || CAST(exit_code AS VARCHAR(20))
  END AS actual,
  COALESCE(message, 'an earlier step failed') AS because
FROM steps
WHERE phase = 'backup' AND (position IS NULL OR exit_code IS NULL OR exit_code <> 0)
