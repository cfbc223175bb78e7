-- A row: a waiting entry that ends tonight: its client was contacted by a person after `since` (expiring documents
-- end by a new document only), or its reason no longer holds. An entry of the plan that still stands had no
-- contact, as its occasion is the last one. Reads: outreach_duecontact by due_contact_once' client range,
-- outreach_duestage, interactions_interaction by interaction_client, clients_client by key and client_merged.
UPDATE outreach_duecontact AS old
SET state = CASE WHEN ended.spoken_on IS NOT NULL OR ended.renewed THEN 'done' ELSE 'lapsed' END,
    closed_how = CASE WHEN ended.spoken_on IS NOT NULL THEN 'contacted' WHEN ended.renewed THEN 'renewed' ELSE 'gone' END,
    contacted_on = ended.spoken_on, closed_on = coalesce(ended.spoken_on, %(as_of)s::date), put_off_until = NULL,
    version = old.version + 1
FROM (
    SELECT due.id, spoken.spoken_on, fresh.client_id IS NOT NULL AS stands,
           due.list = 'expiring' AND EXISTS (
               SELECT 1 FROM clients_client AS c
               WHERE c.id = due.client_id
                 AND CASE WHEN due.occasion LIKE 'id:%%' THEN c.id_expires_on > due.due_on
                     ELSE (c.risk_assessed_on + make_interval(years => %(risk_years)s::int))::date > due.due_on END
           ) AS renewed
    FROM outreach_duecontact AS due
    LEFT JOIN outreach_duestage AS fresh
      ON fresh.client_id = due.client_id AND fresh.list = due.list AND fresh.occasion = due.occasion
    LEFT JOIN LATERAL (
        SELECT min(i.started_on) AS spoken_on
        FROM interactions_interaction AS i
        WHERE (due.list <> 'plan' OR fresh.client_id IS NULL) AND due.list <> 'expiring'
          AND i.client_id IN (SELECT due.client_id UNION ALL
                              SELECT m.id FROM clients_client AS m WHERE m.merged_into_id = due.client_id)
          AND i.started_at >= due.since::timestamp AT TIME ZONE 'Asia/Shanghai'
          AND i.started_on > due.since AND i.started_on <= %(as_of)s::date
          AND i.agent_id IS NOT NULL AND i.outcome <> 'not_reached'
      AND NOT EXISTS (SELECT 1 FROM interactions_interaction n WHERE n.supersedes_id = i.id)
    ) AS spoken ON true
    WHERE due.client_id BETWEEN %(lo)s AND %(hi)s AND due.state IN ('open', 'put_off')
) AS ended
WHERE old.id = ended.id AND (ended.spoken_on IS NOT NULL OR NOT ended.stands)
