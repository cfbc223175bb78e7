-- One mark: a client ever on record with the unit, whose clients lie elsewhere from a day on (K5).
-- Served by the index of clients_clientrecord on branch_id.
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT r.client_id, date_trunc('month', %(from_date)s::date)::date, %(as_of)s::date, false
FROM clients_clientrecord r
WHERE r.branch_id = %(unit)s
