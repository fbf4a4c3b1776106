-- Versions of records that may exist: a refused write changed nothing, and a write made after the restore is judged apart.
SELECT kind, id, seq, op, digest, outcome, invoked_at, acked_at
FROM facts
WHERE epoch <> 'again' AND outcome IN ('ok', 'unknown')
