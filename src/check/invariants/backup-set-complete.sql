-- title: The set is at restore time what was taken, file by file
-- gates: run
-- judges: artefacts
SELECT 'run' AS gate, a.component, 'artefact' AS kind, a.path AS subject,
       CASE WHEN a.sha256 IS NULL THEN 'no such file' ELSE CAST(a.bytes AS VARCHAR) || ' bytes, sha256 ' || a.sha256 END AS expected,
       CASE WHEN a.found_sha256 IS NULL THEN 'missing' ELSE CAST(a.found_bytes AS VARCHAR) || ' bytes, sha256 ' || a.found_sha256 END AS actual,
       CASE WHEN a.sha256 IS NULL THEN 'it was added to the set after the backup'
            WHEN a.found_sha256 IS NULL THEN 'it was taken, and was gone when the restore began'
            ELSE 'its content changed between backup and restore' END AS because
FROM artefacts a
WHERE COALESCE(a.sha256, '') <> COALESCE(a.found_sha256, '') OR COALESCE(a.bytes, -1) <> COALESCE(a.found_bytes, -1)
