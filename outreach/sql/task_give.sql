-- One row: a task for one of these clients, for its manager where that is somebody who signs in (with_manager),
-- else in the branch's queue, or for the one person named; belonging to the client's plan run of a bulk run, if there is one.
-- Reads clients_client and staff_person by their keys, outreach_planrun by plan_run_of_bulk.
-- The unique key "<key>:<client>" keeps a task from being given twice.
INSERT INTO outreach_task (title, note, kind, why, client_id, assignee_id, unit_id, due_at, all_day, priority,
    state, repeat, business, series, occurs_on, plan_run_id, key, created_by_id, created_by_name, created_at,
    updated_at, done_by, version)
SELECT %(title_text)s, %(note_text)s, %(kind)s, %(why_text)s, client.id,
       coalesce(%(assignee)s::bigint, manager.id), client.branch_id, %(due_at)s::timestamptz, %(all_day)s, %(priority)s,
       'open', '', '', gen_random_uuid(), %(occurs_on)s, planned.id, %(key)s || ':' || client.id,
       %(creator)s::bigint, %(creator_name)s, now(), now(), '', 1
FROM clients_client AS client
LEFT JOIN staff_person AS manager
    ON %(with_manager)s AND client.manager_no <> '' AND manager.employee_no = client.manager_no AND manager.is_active
LEFT JOIN outreach_planrun AS planned
    ON %(run)s <> 0 AND planned.run = %(run)s AND planned.plan_id = %(plan)s::bigint AND planned.client_id = client.id AND planned.over_at IS NULL
WHERE client.id = ANY(%(client_ids)s::bigint[])
ORDER BY client.id
ON CONFLICT (key) WHERE key <> '' DO NOTHING
RETURNING id, client_id, assignee_id
