-- One mark: a client ever on record with one of these units (itself or merged into it) when a merger or closing changes.
-- Served by the index of clients_clientrecord on branch_id.
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT r.client_id, date_trunc('month', %(from_date)s::date)::date, %(as_of)s::date, false
FROM clients_clientrecord r
WHERE r.branch_id = ANY(%(unit_ids)s)
