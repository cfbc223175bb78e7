-- A row: a case whose nearest deadline is not that of its clocks.
-- Reads: cases_caseclock by its index case_clock_unfinished, cases_case by primary key.
UPDATE cases_case AS held
SET next_due_at = nearest.due_at
FROM (
    SELECT clock.case_id, min(clock.due_at) AS due_at
    FROM cases_caseclock AS clock
    WHERE clock.ended_at IS NULL
    GROUP BY clock.case_id
) AS nearest
WHERE held.id = nearest.case_id AND held.next_due_at IS DISTINCT FROM nearest.due_at
