-- A row: a wait of the plan that began after the last night and ended before this one, so that no night saw it: from
-- one contact by a person (or from when tier and plan both held) to the next. It is kept as made, for the figures.
-- Reads: clients_clientstanding by client range, interactions_interaction by interaction_client, clients_client by
-- client_merged, outreach_servicetier, staff_person by employee number; conflicts by due_contact_once.
INSERT INTO outreach_duecontact
    (client_id, list, occasion, branch_id, manager_no, owner_id, tier, why, facts, opened_on, since, due_on,
     state, closed_how, closed_on, contacted_on)
SELECT s.client_id, 'plan', wait.began::text, s.branch_id, s.manager_no, person.id, s.tier,
       CASE WHEN wait.last_on IS NULL THEN 'never' ELSE 'rhythm' END,
       jsonb_build_object('last', wait.last_on, 'days', p.rhythm_days), wait.began, wait.began,
       greatest(wait.began + p.rhythm_days, %(plan_since_on)s::date), 'done', 'contacted', wait.ended, wait.ended
FROM clients_clientstanding AS s
JOIN outreach_servicetier AS p ON p.plan_id = %(plan)s::bigint AND p.tier = s.tier AND p.rhythm_days IS NOT NULL
LEFT JOIN staff_person AS person
  ON person.employee_no = s.manager_no AND s.manager_no <> '' AND person.is_active
CROSS JOIN LATERAL (
    SELECT lag(spoken.on_day) OVER by_day AS last_on, spoken.on_day AS ended,
           coalesce(lag(spoken.on_day) OVER by_day, greatest(s.tier_since, %(plan_since_on)s::date)) AS began
    FROM (
        SELECT DISTINCT i.started_on AS on_day
        FROM interactions_interaction AS i
        WHERE i.client_id IN (SELECT s.client_id UNION ALL
                              SELECT m.id FROM clients_client AS m WHERE m.merged_into_id = s.client_id)
          AND i.started_on <= %(as_of)s::date AND i.agent_id IS NOT NULL AND i.outcome <> 'not_reached'
          AND NOT EXISTS (SELECT 1 FROM interactions_interaction n WHERE n.supersedes_id = i.id)
    ) AS spoken
    WINDOW by_day AS (ORDER BY spoken.on_day)
) AS wait
WHERE s.client_id BETWEEN %(lo)s AND %(hi)s AND s.held
  AND wait.began > %(missed_after)s::date AND wait.began < wait.ended
  AND NOT EXISTS (SELECT 1 FROM clients_client m WHERE m.id = s.client_id AND m.merged_into_id IS NOT NULL)
ON CONFLICT (client_id, list, occasion) DO NOTHING
