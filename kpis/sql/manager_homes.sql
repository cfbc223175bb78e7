-- A row: a manager and the branch where most of the manager's clients of the period are (ties: the lower code);
-- client-days decide for a manager who only has those.
-- Reads: kpis_freshpassage of the period (a stage), kpis_tiermonth of its months (primary key).
WITH place AS (
    SELECT branch_id, branch
    FROM unnest(%(branch_ids)s::bigint[], %(branch_codes)s::text[]) AS given(branch_id, branch)
), part AS (
    SELECT closing_manager AS manager_no, closing_branch AS branch, size::bigint * 1000000 AS weight
    FROM kpis_freshpassage WHERE period = %(period)s
    UNION ALL
    SELECT opening_manager, opening_branch, size::bigint * 1000
    FROM kpis_freshpassage WHERE period = %(period)s
    UNION ALL
    SELECT manager_no, place.branch, days
    FROM kpis_tiermonth JOIN place ON place.branch_id = kpis_tiermonth.branch_id
    WHERE month >= %(start)s::date AND month <= %(end)s::date
)
SELECT DISTINCT ON (manager_no) manager_no, branch
FROM part
WHERE manager_no <> ''
GROUP BY manager_no, branch
ORDER BY manager_no, sum(weight) DESC, branch
