-- title: The default administrator cannot log in
-- judges: (SELECT o.gate, o.id FROM observations o WHERE o.kind = 'default-administrator')
-- needs: observations, steps
-- gates: baseline, started
-- needs-complete: api
-- TheHive takes a database without a schema version for a new one and creates its administrator with the default
-- password: the application then answers, is green, and is not the one that was backed up.
SELECT o.gate, o.component, o.kind, o.id AS subject,
  'rejected with the default password' AS expected,
  COALESCE(o.digest, 'unknown') AS actual,
  'its password was changed before anything was written, so the application has initialised its database anew' AS because
FROM observations o
WHERE o.kind = 'default-administrator' AND COALESCE(o.digest, 'unknown') <> 'rejected'
