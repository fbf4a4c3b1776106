-- Deletions that may have happened.
SELECT kind, id, seq
FROM versions
WHERE op = 'delete'
