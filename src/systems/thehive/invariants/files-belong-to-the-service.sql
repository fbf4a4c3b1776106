-- title: Files have the owner and the mode that the service needs
-- judges: (SELECT o.gate, o.id FROM observations o
--   JOIN observations b ON b.gate = 'baseline' AND b.component = o.component AND b.kind = o.kind AND b.id = o.id
--   WHERE o.kind = 'file-owner' AND o.gate <> 'baseline')
-- needs: observations, steps
-- gates: restored, started
-- needs-complete: blob
-- Files that were put back as another user are read and never deleted or replaced, and such a folder takes no new file.
SELECT o.gate, o.component, o.kind, o.id AS subject,
  'owner and mode ' || COALESCE(b.digest, 'unknown') || ' (as at baseline)' AS expected,
  'owner and mode ' || COALESCE(o.digest, 'unknown') AS actual,
  'the service runs as the user that owned the file before' AS because
FROM observations o
JOIN observations b ON b.gate = 'baseline' AND b.component = o.component AND b.kind = o.kind AND b.id = o.id
WHERE o.kind = 'file-owner' AND o.gate <> 'baseline' AND COALESCE(o.digest, 'unknown') <> COALESCE(b.digest, 'unknown')
