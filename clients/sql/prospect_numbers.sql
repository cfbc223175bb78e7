-- A row: a number that no prospect has yet.
-- Reads: the sequence clients_prospect_no, which gives each number once; no table and no index.
SELECT nextval('clients_prospect_no') AS number FROM generate_series(1, %(count)s)
