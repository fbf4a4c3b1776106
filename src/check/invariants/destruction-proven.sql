-- title: The application was really gone before anything was restored
-- gates: run
-- judges: receipts WHERE about = 'destruction'
SELECT 'run' AS gate, 'set' AS component, 'receipt' AS kind, r.subject,
       'absent after the disaster' AS expected, r.after AS actual,
       'what survives the disaster can pass for restored' AS because
FROM receipts r
WHERE r.about = 'destruction' AND (r.after <> 'absent' OR r.before = 'absent')
