-- A row: sums of the clients scored on a date by branch and manager of record and by the bands of current value and
-- potential (segmentation.models.CellFigure); axis scores are compared through 9 places as everywhere.
-- Reads: segmentation_scoreclose of a month close (score_close_branch_tier), else segmentation_clientscore.
INSERT INTO segmentation_cellfigure
    (as_of, branch_id, manager_no, current_band, potential_band, clients, contribution, assets)
SELECT %(as_of)s, branch_id, manager_no,
       coalesce(least(%(last_band)s::int, floor(round(current::numeric, 9) / %(band)s::int)::int), -1),
       coalesce(least(%(last_band)s::int, floor(round(potential::numeric, 9) / %(band)s::int)::int), -1),
       count(*), sum(contribution_12m), coalesce(sum(assets_end), 0)
FROM (
    SELECT branch_id, manager_no, current, potential, score, contribution_12m, assets_end
    FROM segmentation_scoreclose WHERE as_of = %(as_of)s AND %(is_close)s
    UNION ALL
    SELECT branch_id, manager_no, current, potential, score, contribution_12m, assets_end
    FROM segmentation_clientscore WHERE as_of = %(as_of)s AND NOT %(is_close)s
) AS kept
WHERE score IS NOT NULL
GROUP BY 2, 3, 4, 5
