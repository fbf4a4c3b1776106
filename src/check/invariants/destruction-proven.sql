-- title: The original was gone before anything was restored
-- judges: (SELECT subject FROM receipts WHERE about = 'destruction')
-- needs: receipts
-- gates: run
SELECT 'run' AS gate, subject AS component, 'receipt' AS kind, subject,
  CASE WHEN after <> 'absent' THEN 'absent after the destruction' ELSE 'something before the destruction' END AS expected,
  CASE WHEN after <> 'absent' THEN after ELSE before END AS actual,
  CASE WHEN after <> 'absent' THEN 'what survives the destruction proves nothing about the restore'
    ELSE 'the removal of what was never there proves nothing' END AS because
FROM receipts
WHERE about = 'destruction' AND (after <> 'absent' OR before = 'absent')
