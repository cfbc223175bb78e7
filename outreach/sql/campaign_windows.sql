-- One row: a member that was to be called or held out, with the day after which its target is looked for: of its first
-- contact; for control and those never called the median first contact of its tier, else of the campaign, else its start.
-- Reads the members by campaign_places.
UPDATE outreach_campaignmember AS member
SET window_from = coalesce(member.first_contact_on, tier.day, everybody.day, %(starts_on)s)
FROM (
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY first_contact_on) AS day
    FROM outreach_campaignmember WHERE campaign_id = %(campaign)s AND place = 'treated'
) AS everybody
CROSS JOIN (
    SELECT tier, percentile_disc(0.5) WITHIN GROUP (ORDER BY first_contact_on) FILTER (WHERE place = 'treated') AS day
    FROM outreach_campaignmember WHERE campaign_id = %(campaign)s AND place IN ('treated', 'control') GROUP BY tier
) AS tier
WHERE member.campaign_id = %(campaign)s AND member.place IN ('treated', 'control') AND member.tier = tier.tier
