-- A row: profit and client-days of a unit's clients of one tier, by the length of the month (K7, K13).
-- Reads: kpis_tiermonth of the period's months (primary key).
WITH place AS (
    SELECT branch_id, branch, region
    FROM unnest(%(branch_ids)s::bigint[], %(branch_codes)s::text[], %(region_codes)s::text[])
        AS given(branch_id, branch, region)
)
SELECT unit.unit_type, unit.unit_code, part.tier,
       extract(day FROM part.month + INTERVAL '1 month' - INTERVAL '1 day')::int AS month_length,
       sum(part.profit) AS profit, sum(part.days)::bigint AS days
FROM kpis_tiermonth AS part
JOIN place ON place.branch_id = part.branch_id
CROSS JOIN LATERAL (
    VALUES ('firm', 'firm'), ('region', place.region), ('branch', place.branch), ('manager', part.manager_no)
) AS unit(unit_type, unit_code)
WHERE part.month >= %(start)s::date AND part.month <= %(end)s::date AND unit.unit_code <> ''
GROUP BY 1, 2, 3, 4
