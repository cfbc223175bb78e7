-- One row: an open task about a risk assessment of one of these clients other than the one just given, cancelled:
-- the nearer step takes its place. Served by task_by_rule.
UPDATE outreach_task
SET state = 'cancelled', done_at = now(), done_by = 'system', version = version + 1, updated_at = now()
WHERE kind = %(kind)s AND state = 'open' AND client_id = ANY(%(client_ids)s::bigint[])
  AND key NOT LIKE %(key)s || '%%'
