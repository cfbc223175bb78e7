-- A row: sums of the clients held on a date by branch, tier, class by assets and bin of contribution. A bin is an
-- eighth of a factor e: enough for a curve of concentration that is exact at the bins' edges.
-- Reads: segmentation_scoreclose of a month close (score_close_branch_tier), else segmentation_clientscore.
INSERT INTO segmentation_segmentfigure
    (as_of, branch_id, tier, asset_class, value_bin, clients, scored, score_sum, contribution, assets)
SELECT %(as_of)s, branch_id, tier,
       (%(class_codes)s::text[])[width_bucket(coalesce(assets_end, 0), %(class_limits)s::numeric[]) + 1],
       sign(contribution_12m) * floor(8 * ln(1 + abs(contribution_12m::float8))),
       count(*), count(score), coalesce(sum(score), 0), sum(contribution_12m), coalesce(sum(assets_end), 0)
FROM (
    SELECT branch_id, tier, assets_end, contribution_12m, score
    FROM segmentation_scoreclose WHERE as_of = %(as_of)s AND %(is_close)s
    UNION ALL
    SELECT branch_id, tier, assets_end, contribution_12m, score
    FROM segmentation_clientscore WHERE as_of = %(as_of)s AND NOT %(is_close)s
) AS kept
GROUP BY 2, 3, 4, 5
