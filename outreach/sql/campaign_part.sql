-- Reads one row: how far the next part of an audience reaches by client number and how many are in it; no number when
-- nobody is left. Served by the unique (campaign_id, client_id).
SELECT max(client_id) AS upto, count(*) AS size
FROM (
    SELECT client_id FROM outreach_campaignmember
    WHERE campaign_id = %(campaign)s AND client_id > %(after)s
    ORDER BY client_id LIMIT %(most)s
) AS next
