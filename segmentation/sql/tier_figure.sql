-- A row: sums of the clients held on a date by branch and manager of record and tier.
-- Reads: segmentation_scoreclose of a month close (score_close_branch_tier), else segmentation_clientscore.
INSERT INTO segmentation_tierfigure
    (as_of, branch_id, manager_no, tier, clients, scored, score_sum, contribution, assets)
SELECT %(as_of)s, branch_id, manager_no, tier, count(*), count(score), coalesce(sum(score), 0),
       sum(contribution_12m), coalesce(sum(assets_end), 0)
FROM (
    SELECT branch_id, manager_no, tier, score, contribution_12m, assets_end
    FROM segmentation_scoreclose WHERE as_of = %(as_of)s AND %(is_close)s
    UNION ALL
    SELECT branch_id, manager_no, tier, score, contribution_12m, assets_end
    FROM segmentation_clientscore WHERE as_of = %(as_of)s AND NOT %(is_close)s
) AS kept
GROUP BY branch_id, manager_no, tier
