-- title: The restored application writes
-- judges: (SELECT id FROM facts WHERE epoch = 'again')
-- needs: facts
-- gates: run
SELECT 'run' AS gate, 'api' AS component, kind, id AS subject,
  op || ' acknowledged' AS expected,
  CASE WHEN outcome = 'fail' THEN 'refused' ELSE 'outcome unknown' END
    || ': ' || COALESCE(message, 'no message') AS actual,
  'after the restore the application did not acknowledge this write' AS because
FROM facts
WHERE epoch = 'again' AND outcome <> 'ok'
