-- title: Every blob has the content that its name promises
-- gates: baseline, restored, started
-- judges: (SELECT o.gate FROM observations o JOIN placed p ON p.gate = o.gate AND p.component = o.component AND p.kind = o.kind AND p.role = 'blob')
-- absence: yes
SELECT o.gate, o.component, o.kind, o.id AS subject,
       'sha256 ' || o.id AS expected,
       'sha256 ' || COALESCE(o.digest, 'unreadable') AS actual,
       'a blob is named by the SHA-256 of its content, and this content has another' AS because
FROM observations o
JOIN placed p ON p.gate = o.gate AND p.component = o.component AND p.kind = o.kind AND p.role = 'blob'
WHERE o.digest IS NULL OR o.digest <> o.id
