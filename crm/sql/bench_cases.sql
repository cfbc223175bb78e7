-- A row: an open case of the benchmark, all of one type and unit.
-- Reads: generate_series, the first type version and unit.
INSERT INTO cases_case
    (key, type_id, type_version_id, is_complaint, unit_id, channel, tier, subject, priority, state, state_since,
     opened_by, opened_at, escalated, ticked, version)
SELECT gen_random_uuid(), version.type_id, version.id, false, unit.id, '', '', 'bench', 0, 'open', now(),
       'bench', now(), 0, '{}', 1
FROM generate_series(1, %(most)s) AS number
CROSS JOIN (SELECT id, type_id FROM cases_typeversion ORDER BY id LIMIT 1) AS version
CROSS JOIN (SELECT id FROM staff_unit ORDER BY id LIMIT 1) AS unit
