-- A row: a unit and how many clients it holds at the end of the period, counted client by client, apart from the ways
-- they went: what the flows of a card have to come out at.
-- Reads: kpis_freshway (a stage).
WITH place AS (
    SELECT branch_id, branch, region
    FROM unnest(%(branch_ids)s::bigint[], %(branch_codes)s::text[], %(region_codes)s::text[])
        AS given(branch_id, branch, region)
), held AS (
    SELECT closing_id, closing_manager, count(*) AS clients
    FROM kpis_freshway
    WHERE kind IN ('stayed', 'new', 'returned')
    GROUP BY closing_id, closing_manager
)
SELECT unit_type, unit_code, sum(clients)::bigint AS clients
FROM held
JOIN place ON place.branch_id = closing_id
CROSS JOIN LATERAL (
    VALUES ('firm', 'firm'), ('region', place.region), ('branch', place.branch), ('manager', closing_manager)
) AS unit(unit_type, unit_code)
WHERE unit_code <> ''
GROUP BY unit_type, unit_code
