-- A row: profit and client-days of a unit's clients of one tier in a month, the tier at the close before it as a draft
-- of the value model would have given it (K7).
-- Reads: segmentation_monthpart of the month (client_month_branch, then the rows as they lie), segmentation_tried at the close before.
WITH place AS (
    SELECT branch_id, branch, region
    FROM unnest(%(branch_ids)s::bigint[], %(branch_codes)s::text[], %(region_codes)s::text[])
        AS given(branch_id, branch, region)
), opening AS MATERIALIZED (
    SELECT client_id, tier FROM segmentation_tried(
        %(draft)s, %(opening_day)s, %(opening_is_night)s, %(opening_is_close)s, %(weights)s::float8[],
        %(complaint_points)s, %(codes)s::text[], %(cuts)s::numeric[], %(closes_before_down)s::int[], %(up_margin)s,
        %(down_margin)s, %(opening_closes)s::date[])
    WHERE tier <> ''
), part AS (
    SELECT month.branch_id, opening.tier, sum(month.contribution) AS profit, sum(month.days) AS days
    FROM segmentation_monthpart AS month
    JOIN opening ON opening.client_id = month.client_id
    WHERE month.month = %(start)s::date
    GROUP BY month.branch_id, opening.tier
)
SELECT unit.unit_type, unit.unit_code, part.tier,
       extract(day FROM %(start)s::date + INTERVAL '1 month' - INTERVAL '1 day')::int AS month_length,
       sum(part.profit) AS profit, sum(part.days)::bigint AS days
FROM part
JOIN place ON place.branch_id = part.branch_id
CROSS JOIN LATERAL (
    VALUES ('firm', 'firm'), ('region', place.region), ('branch', place.branch)
) AS unit(unit_type, unit_code)
WHERE unit.unit_code <> ''
GROUP BY 1, 2, 3, 4
