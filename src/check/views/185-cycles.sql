-- What is due again and again.
SELECT id, due_at, repetitions, interval_ms
FROM schedules
WHERE policy = 'cycle'
