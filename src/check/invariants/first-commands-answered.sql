-- title: The first commands of a started system are answered
-- judges: probes
-- needs: facts, steps
-- gates: baseline, started
-- applies-when: probes
SELECT gate, 'api' AS component, kind, id AS subject,
  'an answer' AS expected,
  CASE WHEN outcome = 'fail' THEN 'refused' ELSE 'no answer' END || ': ' || COALESCE(message, 'no message') AS actual,
  'a command that is taken and not processed is lost, and so is what waits for it' AS because
FROM probes
WHERE outcome <> 'ok'
