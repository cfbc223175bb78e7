-- A row: how many clients went one way between two units of a type through a period, stayers with their tiers at both
-- ends as a draft of the value model would have given them; the other ways as they are.
-- Reads: kpis_passagegroup of the period (index passage_opening), segmentation_tried at both ends.
WITH opening AS MATERIALIZED (
    SELECT client_id, tier FROM segmentation_tried(
        %(draft)s, %(opening_day)s, %(opening_is_night)s, %(opening_is_close)s, %(weights)s::float8[],
        %(complaint_points)s, %(codes)s::text[], %(cuts)s::numeric[], %(closes_before_down)s::int[], %(up_margin)s,
        %(down_margin)s, %(opening_closes)s::date[])
), closing AS MATERIALIZED (
    SELECT client_id, tier FROM segmentation_tried(
        %(draft)s, %(closing_day)s, %(closing_is_night)s, %(closing_is_close)s, %(weights)s::float8[],
        %(complaint_points)s, %(codes)s::text[], %(cuts)s::numeric[], %(closes_before_down)s::int[], %(up_margin)s,
        %(down_margin)s, %(closing_closes)s::date[])
), stayer AS (
    SELECT opening_branch, opening_region, closing_branch, closing_region,
           coalesce(opening.tier, '') AS tier_from, coalesce(closing.tier, '') AS tier_to
    FROM kpis_passagegroup AS kept
    CROSS JOIN LATERAL unnest(kept.clients) AS member(client_id)
    LEFT JOIN opening ON opening.client_id = member.client_id
    LEFT JOIN closing ON closing.client_id = member.client_id
    WHERE kept.period = %(period)s AND kept.to_build IS NULL AND kept.kind = 'stayed'
), way AS (
    SELECT 'stayed' AS kind, opening_branch, opening_region, closing_branch, closing_region, 1 AS size,
           CASE WHEN tier_from IN ('', 'NEW') THEN 'unranked'
                WHEN tier_from = 'V5' THEN CASE WHEN tier_to IN ('V1', 'V2', 'V3', 'V4') THEN 'top_fell' ELSE 'top' END
                WHEN tier_to IN ('', 'NEW') OR tier_to = tier_from THEN 'same'
                WHEN tier_to > tier_from THEN 'rose' ELSE 'fell' END AS movement
    FROM stayer
    UNION ALL
    SELECT kind, opening_branch, opening_region, closing_branch, closing_region, size, movement
    FROM kpis_passagegroup
    WHERE period = %(period)s AND to_build IS NULL AND kind <> 'stayed'
)
SELECT unit_type, opening, closing, kind, movement, sum(size)::bigint AS size, 0::numeric AS digest
FROM way
CROSS JOIN LATERAL (
    VALUES ('firm', 'firm', 'firm'), ('region', opening_region, closing_region),
           ('branch', opening_branch, closing_branch)
) AS place(unit_type, opening, closing)
GROUP BY unit_type, opening, closing, kind, movement
