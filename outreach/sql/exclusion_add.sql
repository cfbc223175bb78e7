-- One row: a client on the exclusion list from now on; returns those that did not stand on it yet.
-- Served by the unique exclusion_once (client_id) of rows that nobody ended.
INSERT INTO outreach_exclusion (client_id, reason, from_on, until, by_name, created_at, ended_by)
SELECT id, %(reason)s, %(from_on)s::date, %(until)s::date, %(by_name)s, now(), ''
FROM unnest(%(client_ids)s::bigint[]) AS chosen (id)
ON CONFLICT (client_id) WHERE ended_at IS NULL DO NOTHING
RETURNING client_id
