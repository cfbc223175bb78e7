-- One row: a task given under one of these keys that nobody touched since, cancelled.
-- Served by the unique key.
UPDATE outreach_task
SET state = 'cancelled', done_at = now(), done_by = %(actor_name)s, version = version + 1, updated_at = now()
WHERE key = ANY(%(keys)s) AND key <> '' AND state = 'open' AND version = 1
RETURNING client_id
