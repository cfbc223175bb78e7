-- One mark: a client whose facts change with its hand-over from the date's month on.
-- A run must know of it from the hand-over's own date on. Prospects have no facts.
-- Reads clients_client by primary key.
INSERT INTO clients_recordmark (client_id, month, told_on)
SELECT c.id, date_trunc('month', %(from_date)s::date)::date, %(from_date)s::date
FROM clients_client c
WHERE c.id = ANY(%(ids)s::bigint[]) AND c.status <> 'prospect'
