-- Whether a component contains an acknowledged call: all that it wrote there (whole), some of it (partly), or nothing (none).
-- Calls of which nothing can be told are left out.
SELECT component, seq, MIN(invoked_at) AS invoked_at, MAX(acked_at) AS acked_at,
  CASE WHEN MIN(contained) = 1 THEN 'whole' WHEN MAX(contained) = 0 THEN 'none' ELSE 'partly' END AS state
FROM contained_versions
WHERE contained IS NOT NULL
GROUP BY component, seq
