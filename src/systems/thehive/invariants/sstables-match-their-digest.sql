-- title: Every SSTable is complete and has the checksum that Cassandra kept of it
-- judges: (SELECT o.gate, o.id FROM observations o WHERE o.kind = 'table-folder')
-- needs: observations
-- gates: baseline, restored, started
-- Judged within one gate: flushes and compactions replace SSTables at any time, and before the first flush there is none.
SELECT d.gate, d.component, d.kind, d.id AS subject,
  'CRC-32 ' || COALESCE(k.digest, 'kept beside it') AS expected,
  'CRC-32 ' || COALESCE(d.digest, 'unknown') AS actual,
  CASE WHEN k.id IS NULL THEN 'its checksum is gone, so damage to it can no longer be told'
    ELSE 'the bytes of the SSTable are not those that were written' END AS because
FROM observations d
LEFT JOIN observations k
  ON k.gate = d.gate AND k.component = d.component AND k.kind = 'sstable-digest' AND k.id = d.id
WHERE d.kind = 'sstable' AND (k.id IS NULL OR COALESCE(d.digest, 'unknown') <> COALESCE(k.digest, 'unknown'))
UNION ALL
SELECT p.gate, p.component, p.kind, p.id,
  'present (its TOC.txt lists it)', 'missing',
  'an SSTable without one of its files is refused or read wrongly'
FROM observations p
WHERE p.kind = 'sstable-component' AND COALESCE(p.digest, 'unknown') <> 'present'
