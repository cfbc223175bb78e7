-- A row: how many clients went from a tier to a tier between two dates; '' stands for clients without a tier at that
-- end. The unit is that of record at the later date, of those who left that at the earlier one (S9).
-- Reads: segmentation_scoreclose (score_close_branch_tier) at both, segmentation_clientscore for a running night.
SELECT coalesce(before.tier, '') AS tier_before, coalesce(after.tier, '') AS tier_after, count(*) AS clients
FROM (
    SELECT client_id, tier, branch_id, manager_no
    FROM segmentation_scoreclose WHERE as_of = %(from_date)s AND tier <> '' AND %(from_is_close)s
    UNION ALL
    SELECT client_id, tier, branch_id, manager_no
    FROM segmentation_clientscore WHERE as_of = %(from_date)s AND tier <> '' AND NOT %(from_is_close)s
) AS before
FULL JOIN (
    SELECT client_id, tier, branch_id, manager_no
    FROM segmentation_scoreclose WHERE as_of = %(to_date)s AND tier <> '' AND %(to_is_close)s
    UNION ALL
    SELECT client_id, tier, branch_id, manager_no
    FROM segmentation_clientscore WHERE as_of = %(to_date)s AND tier <> '' AND NOT %(to_is_close)s
) AS after ON after.client_id = before.client_id
WHERE %(is_firm)s OR coalesce(after.branch_id, before.branch_id) = ANY (%(branch_ids)s::bigint[])
   OR coalesce(after.manager_no, before.manager_no) = ANY (%(manager_nos)s::text[])
GROUP BY 1, 2
ORDER BY 1, 2
