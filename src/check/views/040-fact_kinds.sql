-- Kinds that Muster writes. Records of every other kind are opaque: rows that the application makes by itself.
-- Writes of epoch again are made after the restore, and of those of epoch probe only the answer counts.
SELECT DISTINCT kind
FROM facts
WHERE epoch NOT IN ('probe', 'again')
