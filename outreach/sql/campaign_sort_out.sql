-- One row: a member of a campaign that has not begun, to be contacted or left out by the first reason that holds, in the
-- order of CampaignMember.Reason, of one part of the audience by client; a client speaks for the records joined into it. Reads the audience by
-- campaign_member_once, the newest word by consent_newest and contact_stop_newest, contact points, linked accounts, cases,
-- the exclusion list (exclusion_once) and the log by their indexes on the client, joined records by clients_client(merged_into_id).
UPDATE outreach_campaignmember AS member
SET place = CASE WHEN judged.reason = '' THEN 'treated' ELSE 'left_out' END,
    reason = judged.reason, tier = judged.tier, assignee_id = judged.assignee
FROM (
    SELECT audience.id, coalesce(standing.tier, '') AS tier, manager.id AS assignee, CASE
        WHEN client.status IN ('closed', 'deceased', 'prospect') OR client.merged_into_id IS NOT NULL THEN 'closed'
        WHEN audience.excluded THEN 'excluded'
        WHEN EXISTS (
            SELECT 1 FROM outreach_exclusion AS listed
            WHERE listed.client_id = ANY(record.ids) AND listed.ended_at IS NULL
                AND listed.from_on <= %(today)s AND (listed.until IS NULL OR listed.until >= %(today)s)
        ) THEN 'listed'
        WHEN coalesce(stop.stopped, false) THEN 'stopped'
        WHEN NOT coalesce(consent.state = 'given', %(purpose)s = ANY(%(unasked)s)) THEN 'no_consent'
        WHEN NOT (%(column)s = 'mobile' AND client.mobile IS NOT NULL OR %(column)s = 'email' AND client.email IS NOT NULL)
            AND NOT EXISTS (
                SELECT 1 FROM clients_contactpoint AS point
                WHERE point.client_id = ANY(record.ids) AND point.kind = ANY(%(points)s) AND point.ended_at IS NULL
            ) AND NOT EXISTS (
                SELECT 1 FROM interactions_contactlink AS link
                JOIN interactions_contact AS account ON account.id = link.contact_id AND account.kind = %(linked)s
                WHERE link.client_id = ANY(record.ids) AND link.ended_at IS NULL
            ) THEN 'unreachable'
        WHEN %(product_level)s > 0 AND (
            client.risk_assessed_on IS NULL
            OR (client.risk_assessed_on + make_interval(years => %(years)s))::date < %(today)s
            OR coalesce((%(levels)s::jsonb ->> client.risk_level)::int, 0) < %(product_level)s
        ) THEN 'unsuitable'
        WHEN EXISTS (
            SELECT 1 FROM cases_case AS held
            WHERE held.client_id = ANY(record.ids) AND held.is_complaint AND held.state NOT IN ('resolved', 'closed')
        ) THEN 'complaint'
        WHEN EXISTS (
            SELECT 1 FROM interactions_interaction AS entry
            WHERE entry.client_id = ANY(record.ids) AND entry.direction = 'out' AND entry.started_on <= %(today)s
                AND entry.started_on > %(today)s::date - %(pressure)s::int AND entry.started_at >= %(since)s
        ) THEN 'pressure'
        ELSE '' END AS reason
    FROM outreach_campaignmember AS audience
    JOIN clients_client AS client ON client.id = audience.client_id
    CROSS JOIN LATERAL (
        SELECT array_append(array(SELECT id FROM clients_client WHERE merged_into_id = client.id), client.id) AS ids
    ) AS record
    LEFT JOIN clients_clientstanding AS standing ON standing.client_id = client.id
    LEFT JOIN staff_person AS manager
        ON %(to_manager)s AND client.manager_no <> '' AND manager.employee_no = client.manager_no AND manager.is_active
    LEFT JOIN LATERAL (
        SELECT word.stopped FROM clients_contactstop AS word
        WHERE word.client_id = ANY(record.ids) ORDER BY word.id DESC LIMIT 1
    ) AS stop ON true
    LEFT JOIN LATERAL (
        SELECT word.state FROM clients_consent AS word
        WHERE word.client_id = ANY(record.ids) AND word.channel = %(channel)s AND word.purpose = %(purpose)s
        ORDER BY word.id DESC LIMIT 1
    ) AS consent ON true
    WHERE audience.campaign_id = %(campaign)s AND audience.client_id > %(after)s AND audience.client_id <= %(upto)s
) AS judged
WHERE member.id = judged.id
