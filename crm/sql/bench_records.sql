-- A row: the one record a feed told of each benchmark client, on the first day.
-- Reads: clients_client whole.
INSERT INTO clients_clientrecord (
    client_id, told_on, told_version, valid_from, valid_to, branch_id, manager_no, status, kind, id_index,
    opened_on, callback_passed_on
)
SELECT id, told_on, 1, DATE '1900-01-01', DATE '9999-12-31', branch_id, manager_no, status, kind, id_index,
       opened_on, callback_passed_on
FROM clients_client
