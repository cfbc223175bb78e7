-- One mark: a client ever on record with the unit, or handed over to it, whose clients lie elsewhere from a day
-- on (K5). Served by the indexes of clients_clientrecord and clients_handover on branch_id.
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT ever.client_id, date_trunc('month', %(from_date)s::date)::date, %(as_of)s::date, false
FROM (
    SELECT r.client_id FROM clients_clientrecord r WHERE r.branch_id = %(unit)s
    UNION
    SELECT h.client_id FROM clients_handover h WHERE h.branch_id = %(unit)s AND h.cancelled_at IS NULL
) ever
