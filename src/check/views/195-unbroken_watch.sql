-- The watch over scheduled executions, where it was kept up from the first write to the last look; no row where it was
-- not: then something may have been executed unseen, and no absence may be judged.
SELECT MAX(CASE WHEN id = 'watch-restored' THEN ended_at END) AS ended_at
FROM steps
WHERE phase = 'observe' AND component = 'schedules'
HAVING COUNT(DISTINCT id) = 2 AND MIN(CASE WHEN exit_code = 0 THEN 1 ELSE 0 END) = 1
