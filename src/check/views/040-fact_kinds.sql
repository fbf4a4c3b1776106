-- Kinds that Muster writes. Records of every other kind are opaque: rows that the application makes by itself.
-- Writes of epoch again are made after the restore; no backup can hold them.
SELECT DISTINCT kind
FROM facts
WHERE epoch <> 'again'
