-- One row: a member that is held out as control: in each tier so many percent of those to be called, rounded half up, the
-- first in the order of md5("<seed>:<client number>"), which anybody can do again. Reads the members by campaign_places.
UPDATE outreach_campaignmember AS member
SET place = 'control', assignee_id = NULL
FROM (
    SELECT audience.id, count(*) OVER (PARTITION BY audience.tier) AS size,
           row_number() OVER (PARTITION BY audience.tier ORDER BY md5(%(seed)s::text || ':' || client.client_no), client.client_no) AS number
    FROM outreach_campaignmember AS audience
    JOIN clients_client AS client ON client.id = audience.client_id
    WHERE audience.campaign_id = %(campaign)s AND audience.place = 'treated'
) AS drawn
WHERE member.id = drawn.id AND drawn.number <= round(drawn.size * %(share)s / 100.0)
