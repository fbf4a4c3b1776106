-- title: The restored application writes
-- judges: (SELECT id FROM facts WHERE epoch = 'again' AND outcome <> 'barred')
-- needs: facts
-- gates: run
-- undecided-by: (SELECT 'run' AS gate, message AS why FROM facts WHERE epoch = 'again' AND outcome = 'barred')
-- An application that takes no writes from anybody, and says why, has neither kept its records nor lost them by that.
SELECT 'run' AS gate, 'api' AS component, kind, id AS subject,
  op || ' acknowledged' AS expected,
  CASE WHEN outcome = 'fail' THEN 'refused' ELSE 'outcome unknown' END
    || ': ' || COALESCE(message, 'no message') AS actual,
  'after the restore the application did not acknowledge this write' AS because
FROM facts
WHERE epoch = 'again' AND outcome IN ('fail', 'unknown')
