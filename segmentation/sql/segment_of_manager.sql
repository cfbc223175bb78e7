-- A row: sums of a manager's clients on a date by tier, class by assets and bin of contribution, as in segment_figure;
-- a manager's are too few to be kept. The branches are those where the manager has clients on the date.
-- Reads: segmentation_scoreclose of a month close (score_close_branch_tier), else the branches' clients by
-- standing_branch_tier and their segmentation_clientscore by primary key.
SELECT tier, (%(class_codes)s::text[])[width_bucket(coalesce(assets_end, 0), %(class_limits)s::numeric[]) + 1]
           AS asset_class,
       (sign(contribution_12m) * floor(8 * ln(1 + abs(contribution_12m::float8))))::int AS value_bin,
       count(*) AS clients, count(score) AS scored, coalesce(sum(score), 0) AS score_sum,
       sum(contribution_12m) AS contribution, coalesce(sum(assets_end), 0) AS assets
FROM (
    SELECT tier, assets_end, contribution_12m, score
    FROM segmentation_scoreclose
    WHERE as_of = %(as_of)s AND %(is_close)s AND branch_id = ANY (%(branch_ids)s::bigint[])
      AND manager_no = ANY (%(manager_nos)s::text[])
    UNION ALL
    SELECT score.tier, score.assets_end, score.contribution_12m, score.score
    FROM clients_clientstanding AS here
    JOIN segmentation_clientscore AS score ON score.client_id = here.client_id
    WHERE score.as_of = %(as_of)s AND NOT %(is_close)s AND here.branch_id = ANY (%(branch_ids)s::bigint[])
      AND score.manager_no = ANY (%(manager_nos)s::text[])
) AS kept
GROUP BY 1, 2, 3
