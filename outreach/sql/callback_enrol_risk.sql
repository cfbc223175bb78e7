-- One row: a client whose risk level was newly assessed as one that the programme names; called within its days.
-- Reads clients_client by client_assessed; a day of assessment asks once (callback_once).
INSERT INTO outreach_callback (
    key, client_id, kind, programme_id, branch_id, occasion_on, due_on, next_at, state, tries, caller_no,
    manager_no, told_by_feed)
SELECT gen_random_uuid(), client.id, 'product_risk', programme.id, client.branch_id, client.risk_assessed_on,
       client.risk_assessed_on + programme.days, %(now)s, 'open', 0, '', '', false
FROM clients_client AS client
JOIN outreach_callbackprogramme AS programme
  ON programme.kind = 'product_risk' AND programme.state = 'in_force'
 AND client.risk_level = ANY (programme.risk_levels)
WHERE client.risk_assessed_on BETWEEN %(today)s::date - programme.days AND %(today)s::date
  AND client.risk_assessed_on >= (programme.in_force_from AT TIME ZONE 'Asia/Shanghai')::date
  AND client.merged_into_id IS NULL AND client.status NOT IN ('closed', 'deceased', 'dormant', 'prospect')
ON CONFLICT (client_id, kind, occasion_on) DO NOTHING
