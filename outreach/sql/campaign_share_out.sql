-- One row: a member that is to be called, with the one of the campaign's people who calls: in the order of
-- md5("<seed>:<client number>") the clients go round the parts, each person having as many in a row as his share.
-- Reads the members by campaign_places, the people by campaign_person_once.
UPDATE outreach_campaignmember AS member
SET assignee_id = part.person_id
FROM (
    SELECT audience.id,
           row_number() OVER (ORDER BY md5(%(seed)s::text || ':' || client.client_no), client.client_no) - 1 AS number
    FROM outreach_campaignmember AS audience
    JOIN clients_client AS client ON client.id = audience.client_id
    WHERE audience.campaign_id = %(campaign)s AND audience.place = 'treated'
) AS called
JOIN (
    SELECT person_id, sum(share) OVER (ORDER BY id) - share AS low, sum(share) OVER (ORDER BY id) AS high,
           sum(share) OVER () AS all_parts
    FROM outreach_campaignperson WHERE campaign_id = %(campaign)s
) AS part ON called.number %% part.all_parts >= part.low AND called.number %% part.all_parts < part.high
WHERE member.id = called.id
