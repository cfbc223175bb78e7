-- One row: a segment's members at a branch and manager on this night and what they are worth; close_on is the month close
-- whose rows say so, null for where clients stand now. Reads open members by segment_member_once, clients, standings and
-- closes by their primary keys.
INSERT INTO segmentation_segmenttrend (segment_id, as_of, branch_id, manager_no, members, contribution, assets)
SELECT %(segment)s, %(as_of)s, client.branch_id, client.manager_no, count(*),
    coalesce(sum(CASE WHEN %(close_on)s::date IS NULL THEN standing.contribution_12m ELSE close.contribution_12m END), 0),
    coalesce(sum(CASE WHEN %(close_on)s::date IS NULL THEN standing.assets ELSE close.assets_end END), 0)
FROM segmentation_segmentmember AS member
JOIN clients_client AS client ON client.id = member.client_id
LEFT JOIN clients_clientstanding AS standing ON standing.client_id = member.client_id
LEFT JOIN segmentation_scoreclose AS close ON close.client_id = member.client_id AND close.as_of = %(close_on)s
WHERE member.segment_id = %(segment)s AND member.left_on IS NULL
GROUP BY client.branch_id, client.manager_no
