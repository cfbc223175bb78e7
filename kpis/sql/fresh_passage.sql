-- A row: the clients that went the same way through a period (kpis.rules.passages), staged.
-- Reads: kpis_freshway (a stage).
INSERT INTO kpis_freshpassage (
    period, kind, movement, tier_from, tier_to, opening_branch, opening_region, opening_manager,
    closing_branch, closing_region, closing_manager, record_branch, record_region, record_manager,
    clients, size, digest
)
WITH place AS (
    SELECT branch_id, branch, region
    FROM unnest(%(branch_ids)s::bigint[], %(branch_codes)s::text[], %(region_codes)s::text[])
        AS given(branch_id, branch, region)
), grouped AS (
    SELECT kind, tier_from, tier_to, opening_id, opening_manager, closing_id, closing_manager,
           record_id, record_manager,
           array_agg(client_id) AS clients, count(*) AS size, sum(hashint8extended(client_id, 0)) AS digest
    FROM kpis_freshway
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
)
SELECT %(period)s, kind,
       CASE WHEN kind <> 'stayed' THEN ''
            WHEN tier_from IN ('', 'NEW') THEN 'unranked'
            WHEN tier_from = 'V5' THEN CASE WHEN tier_to IN ('V1', 'V2', 'V3', 'V4') THEN 'top_fell' ELSE 'top' END
            WHEN tier_to IN ('', 'NEW') OR tier_to = tier_from THEN 'same'
            WHEN tier_to > tier_from THEN 'rose' ELSE 'fell' END,
       tier_from, tier_to, opening.branch, opening.region, opening_manager,
       closing.branch, closing.region, closing_manager, record.branch, record.region, record_manager,
       clients, size, digest
FROM grouped
JOIN place AS opening ON opening.branch_id = opening_id
JOIN place AS closing ON closing.branch_id = closing_id
JOIN place AS record ON record.branch_id = record_id
