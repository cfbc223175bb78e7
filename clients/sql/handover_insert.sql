-- A row: a hand-over in force of one of the given clients, who keep their place in the list of targets.
-- Clients that are with the target already, without another hand-over from that date on, are left out.
-- Reads clients_client by primary key; the unique index on client and from_date allows one in force a day.
INSERT INTO clients_handover (
    client_id, from_date, branch_id, manager_no, old_branch_id, old_manager_no, reason, batch, applied, made_by,
    made_at, cancelled_by
)
SELECT c.id, %(from_date)s::date, given.branch_id, given.manager_no, c.branch_id, c.manager_no, %(reason)s,
       %(batch)s::bigint, false, %(made_by)s, %(made_at)s::timestamptz, ''
FROM unnest(%(ids)s::bigint[], %(branch_ids)s::bigint[], %(manager_nos)s::text[])
    AS given(client_id, branch_id, manager_no)
JOIN clients_client c ON c.id = given.client_id
WHERE (c.branch_id, c.manager_no) IS DISTINCT FROM (given.branch_id, given.manager_no)
   OR EXISTS (SELECT 1 FROM clients_handover h WHERE h.client_id = c.id AND h.cancelled_at IS NULL)
