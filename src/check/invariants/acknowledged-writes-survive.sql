-- title: Every acknowledged write is there
-- judges: required_records
-- needs: facts, placements, steps
-- gates: baseline, restored, started
-- needs-complete: yes
-- applies-when: placed_kinds
SELECT gate, component, kind, id AS subject,
  CASE
    WHEN sure_seq IS NULL THEN 'present (as at baseline)'
    ELSE 'present (version ' || CAST(sure_seq AS VARCHAR(20)) || ', acknowledged '
      || CAST(began_at - sure_acked_at AS VARCHAR(20)) || ' ms before '
      || CASE WHEN gate = 'baseline' THEN 'the observation' ELSE 'the cut' END || ' began)'
  END AS expected,
  'absent' AS actual,
  CASE
    WHEN sure_seq IS NULL THEN component || ' held it at baseline, nothing was written before its cut ended, and now it is gone'
    ELSE 'the application acknowledged it, nothing deleted it, and ' || component || ' does not hold it'
  END AS because
FROM missing_records
