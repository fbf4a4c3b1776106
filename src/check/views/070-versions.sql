-- Versions of records that may exist: a refused write changed nothing, and what is written after the restore, or
-- only to see whether it is answered, is judged apart.
SELECT kind, id, seq, op, digest, outcome, invoked_at, acked_at
FROM facts
WHERE epoch NOT IN ('probe', 'again') AND outcome IN ('ok', 'unknown')
