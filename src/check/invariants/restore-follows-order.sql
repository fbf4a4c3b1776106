-- title: Every step of Restore was done, in the order of the document, and ended well
-- gates: run
-- judges: steps WHERE phase = 'restore'
SELECT 'run' AS gate, s.component, 'step' AS kind, s.id AS subject,
       'exit 0, as step ' || CAST(s.planned AS VARCHAR) AS expected,
       CASE WHEN s.position IS NULL THEN 'not done'
            ELSE 'exit ' || CAST(s.exit_code AS VARCHAR) || ', as step ' || CAST(s.position AS VARCHAR) END AS actual,
       COALESCE(s.message, 'the order of the document was not kept, or an earlier step failed') AS because
FROM steps s
WHERE s.phase = 'restore' AND (s.position IS NULL OR s.exit_code <> 0 OR s.position <> s.planned)
UNION ALL
SELECT 'run', s.component, 'step', s.id,
       'begins after step ' || p.id || ' has ended', 'began ' || CAST(p.ended_at - s.began_at AS VARCHAR) || ' ms before that',
       'steps of a restore do not overlap'
FROM steps s
JOIN steps p ON p.phase = 'restore' AND p.position = s.position - 1
WHERE s.phase = 'restore' AND s.began_at < p.ended_at
