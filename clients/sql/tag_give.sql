-- One row: a tag on one of the chosen clients that does not carry it yet; returns those that now do.
-- Served by the unique (client_id, tag_id).
INSERT INTO clients_clienttag (client_id, tag_id, given_by, given_at)
SELECT id, %(tag)s, %(actor_name)s, now() FROM unnest(%(ids)s::bigint[]) AS chosen (id)
ON CONFLICT (client_id, tag_id) DO NOTHING
RETURNING client_id
