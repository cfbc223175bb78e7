-- A row: the contact of an address, begun now or met again; its row stays locked for the transaction.
-- Reads and writes: interactions_contact by its unique index of kind and address_index.
INSERT INTO interactions_contact (key, kind, address, address_index, name, first_seen_at, last_seen_at)
VALUES (%(key)s, %(kind)s, %(address)s, %(address_index)s, '', %(at)s, %(at)s)
ON CONFLICT (kind, address_index) DO UPDATE
SET first_seen_at = least(interactions_contact.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(interactions_contact.last_seen_at, excluded.last_seen_at)
RETURNING *
