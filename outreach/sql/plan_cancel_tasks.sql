-- One row: an open task of one of these plan runs, cancelled. Served by task_of_plan_run.
UPDATE outreach_task
SET state = 'cancelled', done_at = now(), done_by = %(actor_name)s, version = version + 1, updated_at = now()
WHERE plan_run_id = ANY(%(run_ids)s::bigint[]) AND state = 'open'
