-- One row: a tag on a client who does not carry it yet; returns the new rows. Clients and tags come in pairs.
-- Served by the unique (client_id, tag_id).
INSERT INTO clients_clienttag (client_id, tag_id, given_by, given_at)
SELECT DISTINCT client_id, tag_id, %(actor_name)s, now()
FROM unnest(%(ids)s::bigint[], %(tag_ids)s::bigint[]) AS given (client_id, tag_id)
ON CONFLICT (client_id, tag_id) DO NOTHING
RETURNING id, client_id
