-- One row: a client whose complaint was closed; called within the programme's days whether it is content now.
-- Reads cases_case, those closed since; a day of closing asks once, however many complaints (callback_once).
INSERT INTO outreach_callback (
    key, client_id, kind, programme_id, branch_id, occasion_on, due_on, next_at, state, tries, caller_no,
    manager_no, told_by_feed)
SELECT DISTINCT ON (client.id, told.closed_on)
       gen_random_uuid(), client.id, 'complaint', programme.id, client.branch_id, told.closed_on,
       told.closed_on + programme.days, %(now)s::timestamptz, 'open', 0, '', '', false
FROM cases_case
CROSS JOIN LATERAL (SELECT (cases_case.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS closed_on) AS told
JOIN outreach_callbackprogramme AS programme ON programme.kind = 'complaint' AND programme.state = 'in_force'
JOIN clients_client AS client ON client.id = cases_case.client_id
WHERE cases_case.is_complaint AND cases_case.state = 'closed' AND cases_case.merged_into_id IS NULL
  AND told.closed_on BETWEEN %(today)s::date - programme.days AND %(today)s::date
  AND cases_case.closed_at >= programme.in_force_from
  AND client.merged_into_id IS NULL AND client.status NOT IN ('closed', 'deceased')
ORDER BY client.id, told.closed_on
ON CONFLICT (client_id, kind, occasion_on) DO NOTHING
