-- To which time line each execution belongs. What ran before the backup began is kept in it; between begin and end of the
-- cuts it may be or not; after them until the disaster it is lost, and the restored system knows nothing of it.
SELECT f.id, f.due_at, f.fired_at, f.state, f.message,
  CASE WHEN c.began_at IS NULL OR f.fired_at < c.began_at THEN 'kept'
    WHEN f.fired_at <= c.ended_at THEN 'between'
    WHEN r.began_at IS NULL OR f.fired_at < r.began_at THEN 'lost'
    ELSE 'restored' END AS time_line
FROM firings f
CROSS JOIN (SELECT MIN(began_at) AS began_at, MAX(ended_at) AS ended_at FROM cuts) c
CROSS JOIN (SELECT MIN(began_at) AS began_at FROM steps WHERE phase = 'restore') r
