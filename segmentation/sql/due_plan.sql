-- A row: a held client whose tier's contact rhythm asks for a contact; the occasion is the day counted from: the
-- last contact by a person, of the client or of a record joined to it, else when tier and plan both held.
-- Reads: clients_clientstanding by client range, interactions_interaction by interaction_client, newest first,
-- clients_client by client_merged, outreach_servicetier.
INSERT INTO outreach_duestage (client_id, list, occasion, why, facts, since, due_on)
SELECT s.client_id, 'plan', (told.base)::text,
       CASE WHEN told.spoken_on IS NULL THEN 'never' ELSE 'rhythm' END,
       jsonb_build_object('last', told.spoken_on, 'days', p.rhythm_days), told.base,
       greatest(told.base + p.rhythm_days, %(plan_since_on)s::date)
FROM clients_clientstanding AS s
JOIN outreach_servicetier AS p ON p.plan_id = %(plan)s::bigint AND p.tier = s.tier AND p.rhythm_days IS NOT NULL
LEFT JOIN (
    SELECT m.merged_into_id AS client_id, max(i.started_on) AS spoken_on
    FROM clients_client AS m
    JOIN interactions_interaction AS i ON i.client_id = m.id
    WHERE m.merged_into_id BETWEEN %(lo)s AND %(hi)s AND i.started_on <= %(as_of)s::date
      AND i.agent_id IS NOT NULL AND i.outcome <> 'not_reached'
      AND NOT EXISTS (SELECT 1 FROM interactions_interaction n WHERE n.supersedes_id = i.id)
    GROUP BY m.merged_into_id
) AS joined ON joined.client_id = s.client_id
LEFT JOIN LATERAL (
    SELECT i.started_on AS spoken_on
    FROM interactions_interaction AS i
    WHERE i.client_id = s.client_id AND i.started_on <= %(as_of)s::date
      AND i.agent_id IS NOT NULL AND i.outcome <> 'not_reached'
      AND NOT EXISTS (SELECT 1 FROM interactions_interaction n WHERE n.supersedes_id = i.id)
    ORDER BY i.started_at DESC LIMIT 1
) AS own ON true
CROSS JOIN LATERAL (
    SELECT greatest(own.spoken_on, joined.spoken_on) AS spoken_on,
           coalesce(greatest(own.spoken_on, joined.spoken_on), greatest(s.tier_since, %(plan_since_on)s::date)) AS base
) AS told
WHERE s.client_id BETWEEN %(lo)s AND %(hi)s AND s.held
  AND NOT EXISTS (SELECT 1 FROM clients_client m WHERE m.id = s.client_id AND m.merged_into_id IS NOT NULL)
