-- A row: the cash account of each benchmark client.
-- Reads: clients_client whole.
INSERT INTO clients_account (account_no, client_id, system, currency, status, opened_on, told_on, told_version, first_told_on)
SELECT 'A' || substr(client_no, 2), id, 'cash', 'CNY', 'normal', opened_on, told_on, 1, told_on
FROM clients_client
