-- A row: a waiting entry whose client was contacted by a person since; told by the newest contacts, of one client
-- or of all. Reads: interactions_interaction from `since_at` on by interaction_time, or of the client by
-- interaction_client, clients_client by primary key, outreach_duecontact by due_contact_once.
UPDATE outreach_duecontact AS due
SET state = 'done', closed_how = 'contacted', contacted_on = spoken.spoken_on, closed_on = spoken.spoken_on,
    put_off_until = NULL, version = due.version + 1
FROM (
    SELECT waits.id, min(i.started_on) AS spoken_on
    FROM interactions_interaction AS i
    JOIN clients_client AS c ON c.id = i.client_id
    JOIN outreach_duecontact AS waits
      ON waits.client_id = coalesce(c.merged_into_id, c.id) AND waits.state IN ('open', 'put_off')
     AND waits.list <> 'expiring' AND i.started_on > waits.since
    WHERE i.started_at >= %(since_at)s::timestamptz
      AND (%(client_id)s::bigint IS NULL OR i.client_id = %(client_id)s::bigint)
      AND i.agent_id IS NOT NULL AND i.outcome <> 'not_reached'
      AND NOT EXISTS (SELECT 1 FROM interactions_interaction n WHERE n.supersedes_id = i.id)
    GROUP BY waits.id
) AS spoken
WHERE due.id = spoken.id
