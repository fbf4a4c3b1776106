-- title: The backup set is the one that was taken
-- judges: artefacts
-- needs: artefacts
-- gates: run
SELECT 'run' AS gate, component, 'artefact' AS kind, path AS subject,
  CASE WHEN sha256 IS NULL THEN 'absent (not in the set when it was taken)'
    ELSE COALESCE(CAST(bytes AS VARCHAR(20)), 'unknown') || ' bytes, SHA-256 ' || sha256 END AS expected,
  CASE WHEN found_sha256 IS NULL THEN 'absent'
    ELSE COALESCE(CAST(found_bytes AS VARCHAR(20)), 'unknown') || ' bytes, SHA-256 ' || found_sha256 END AS actual,
  CASE
    WHEN sha256 IS NULL THEN 'the file was added to the set after it was taken'
    WHEN found_sha256 IS NULL THEN 'the file was in the set when it was taken and was missing when it was restored'
    ELSE 'the file was changed between backup and restore'
  END AS because
FROM artefacts
WHERE COALESCE(sha256, 'none') <> COALESCE(found_sha256, 'none') OR COALESCE(bytes, -1) <> COALESCE(found_bytes, -1)
  OR (sha256 IS NULL AND found_sha256 IS NULL)
