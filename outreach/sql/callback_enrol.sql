-- One row: a new account to call back within the programme's days of its opening, unless the feed tells that its callback passed.
-- Reads clients_client whole, once a morning, and outreach_callback by callback_once; a client has one in its life.
INSERT INTO outreach_callback (
    key, client_id, kind, programme_id, branch_id, occasion_on, due_on, next_at, state, tries, caller_no,
    manager_no, told_by_feed)
SELECT gen_random_uuid(), client.id, 'new_account', programme.id, client.branch_id, client.opened_on,
       client.opened_on + programme.days, %(now)s, 'open', 0, '', '', false
FROM clients_client AS client
JOIN outreach_callbackprogramme AS programme ON programme.kind = 'new_account' AND programme.state = 'in_force'
WHERE client.opened_on BETWEEN %(today)s::date - programme.days AND %(today)s::date
  AND client.callback_passed_on IS NULL
  AND client.merged_into_id IS NULL AND client.status NOT IN ('closed', 'deceased')
  AND NOT EXISTS (
      SELECT FROM outreach_callback AS known WHERE known.client_id = client.id AND known.kind = 'new_account')
ON CONFLICT (client_id, kind, occasion_on) DO NOTHING
