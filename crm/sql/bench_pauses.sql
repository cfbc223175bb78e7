-- A row: a pause that is over, of every tenth clock of the benchmark.
-- Reads: cases_caseclock.
INSERT INTO cases_clockpause (clock_id, from_at, to_at)
SELECT id, started_at + interval '1 hour', started_at + interval '9 hours' FROM cases_caseclock WHERE id %% 10 = 0
