-- One row: one of the chosen clients in a campaign's audience; returns those that were not in it yet.
-- Served by the unique (campaign_id, client_id).
INSERT INTO outreach_campaignmember
    (campaign_id, client_id, place, reason, tier, outcome, attempts, reached, done, excluded)
SELECT %(campaign)s, id, 'chosen', '', '', '', 0, false, false, false
FROM unnest(%(client_ids)s::bigint[]) AS chosen (id)
ON CONFLICT (campaign_id, client_id) DO NOTHING
RETURNING client_id
