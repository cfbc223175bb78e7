-- One row: a segment's members at a branch and manager on a past month close; those of one block of ids are added to those
-- of the blocks before. Reads the stage of the block, and the rows of the close by their primary key.
INSERT INTO segmentation_segmenttrend AS point (segment_id, as_of, branch_id, manager_no, members, contribution, assets)
SELECT %(segment)s, %(as_of)s, close.branch_id, close.manager_no, count(*),
    coalesce(sum(close.contribution_12m), 0), coalesce(sum(close.assets_end), 0)
FROM segmentation_segmentstage AS stage
JOIN segmentation_scoreclose AS close ON close.client_id = stage.client_id AND close.as_of = %(as_of)s
WHERE stage.holds
GROUP BY close.branch_id, close.manager_no
ON CONFLICT (segment_id, as_of, branch_id, manager_no) DO UPDATE
SET members = point.members + excluded.members, contribution = point.contribution + excluded.contribution,
    assets = point.assets + excluded.assets
