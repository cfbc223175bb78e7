-- A row: how well the scores and plain tiers of a past close told what came in the three months after it, for one
-- model ('live' or 'draft') and tier; with tier '' all of them, and Spearman's rank correlation of score and later
-- contribution (ranks of equals are the middle of their places). Clients with both scores count.
-- Reads: segmentation_tried at the close, segmentation_monthpart of the months after it (the rows as they lie),
-- segmentation_lifecycleevent (primary key).
WITH tried AS MATERIALIZED (
    SELECT client_id, score, live_score, plain,
           (%(live_codes)s::text[])[width_bucket(live_score, %(live_cuts)s::numeric[]) + 1] AS live_plain
    FROM segmentation_tried(
        %(draft)s, %(as_of)s, %(is_night)s, %(is_close)s, %(weights)s::float8[], %(complaint_points)s,
        %(codes)s::text[], %(cuts)s::numeric[], %(closes_before_down)s::int[], %(up_margin)s, %(down_margin)s,
        %(closes)s::date[]
    )
    WHERE score IS NOT NULL AND live_score IS NOT NULL
), later AS (
    SELECT client_id, sum(contribution) AS contribution
    FROM segmentation_monthpart
    WHERE month > %(as_of)s::date AND month <= %(until)s::date
    GROUP BY client_id
), lost AS (
    SELECT DISTINCT client_id FROM segmentation_lifecycleevent
    WHERE event = 'LOST' AND on_date > %(as_of)s::date AND on_date <= %(until)s::date
), outcome AS MATERIALIZED (
    SELECT tried.*, coalesce(later.contribution, 0) AS contribution, (lost.client_id IS NOT NULL)::int AS lost,
           rank() OVER (ORDER BY coalesce(later.contribution, 0))
               + (count(*) OVER (PARTITION BY coalesce(later.contribution, 0)) - 1) / 2.0 AS place,
           rank() OVER (ORDER BY score) + (count(*) OVER (PARTITION BY score) - 1) / 2.0 AS score_place,
           rank() OVER (ORDER BY live_score) + (count(*) OVER (PARTITION BY live_score) - 1) / 2.0 AS live_place
    FROM tried
    LEFT JOIN later ON later.client_id = tried.client_id
    LEFT JOIN lost ON lost.client_id = tried.client_id
)
SELECT model, coalesce(tier, '') AS tier, count(*) AS clients, sum(contribution) AS contribution, sum(lost) AS lost,
       corr(model_place::float8, place::float8) AS correlation
FROM outcome
CROSS JOIN LATERAL (VALUES ('live', live_plain, live_place), ('draft', plain, score_place))
    AS said(model, tier, model_place)
GROUP BY GROUPING SETS ((model, tier), (model))
ORDER BY model, tier
