-- A row: a running clock of a case of the benchmark, begun within the last forty days, due far in the future.
-- Reads: cases_case.
INSERT INTO cases_caseclock
    (case_id, kind, round, statutory, hours, seconds, started_at, warn_at, due_at, next_at, level, state)
SELECT id, 'resolution', 1, false, (ARRAY['working', 'working', 'trading', 'always'])[1 + id %% 4],
       5000000 + (id %% 5000) * 60, date_trunc('second', now()) - make_interval(secs => (id %% 3456000)::int),
       now() + interval '1 day', now() + interval '2 days', now() + interval '1 day', 0, 'running'
FROM cases_case
