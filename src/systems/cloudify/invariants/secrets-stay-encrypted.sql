-- title: Secrets lie encrypted in the database
-- judges: (SELECT d.gate, d.id FROM observations d
--   JOIN observations a ON a.gate = d.gate AND a.component = 'api' AND a.kind = 'secret-value' AND a.id = d.id
--   WHERE d.component = 'database' AND d.kind = 'secret-value')
-- needs: observations, steps
-- gates: baseline, started
-- needs-complete: api, store
-- I6. That they can be decrypted is told by their content as the API serves it.
SELECT d.gate, d.component, d.kind, d.id AS subject,
  'something else than the secret' AS expected,
  'the secret itself' AS actual,
  'the value in the database has the digest of the value that the API serves' AS because
FROM observations d
JOIN observations a ON a.gate = d.gate AND a.component = 'api' AND a.kind = 'secret-value' AND a.id = d.id
WHERE d.component = 'database' AND d.kind = 'secret-value' AND a.digest = d.digest
