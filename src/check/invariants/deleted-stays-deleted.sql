-- title: What was deleted before the backup stays deleted
-- judges: (SELECT e.gate, e.id FROM expected_records e JOIN complete_observations c
--   ON c.gate = e.gate AND c.component = e.component WHERE e.must_be_absent = 1 AND e.sure_seq IS NOT NULL)
-- needs: facts, placements, steps
-- gates: baseline, restored, started
-- needs-complete: yes
-- applies-when: deletions
SELECT gate, component, kind, id AS subject,
  'absent (deleted by version ' || CAST(sure_seq AS VARCHAR(20)) || ', acknowledged '
    || CAST(began_at - sure_acked_at AS VARCHAR(20)) || ' ms before '
    || CASE WHEN gate = 'baseline' THEN 'the observation' ELSE 'the cut' END || ' began)' AS expected,
  'present' AS actual,
  'its deletion was acknowledged, nothing wrote it again, and ' || component || ' holds it' AS because
FROM resurrected_records
