-- One row: a run of a plan for one of these clients that no run of it is open for; returns for whom it began.
-- The unique (plan, client) of open runs keeps a plan from running twice for a client.
INSERT INTO outreach_planrun (plan_id, version_id, client_id, started_on, started_by, started_at, run, cancelled_by)
SELECT %(plan)s, %(version)s, chosen.id, %(started_on)s, %(actor_name)s, now(), %(run)s, ''
FROM unnest(%(client_ids)s::bigint[]) AS chosen (id)
ON CONFLICT (plan_id, client_id) WHERE over_at IS NULL DO NOTHING
RETURNING client_id
