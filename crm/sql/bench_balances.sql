-- A row: what a benchmark account held on one day of the running month.
-- Reads: clients_account whole.
INSERT INTO trading_balance (client_id, day, account_id, cash, market_value, product_value, margin_debit)
SELECT client_id, %(day)s::date, id, round(wealth * 0.2, 4), round(wealth * 0.7, 4), round(wealth * 0.1, 4), 0
FROM (
    SELECT client_id, id,
           (8000 / (0.004 + (hashint8(client_id) & 65535) / 65536.0))::numeric(20, 4)
           * (95 + (hashint8(client_id + %(number)s) & 1023) %% 11) / 100 AS wealth
    FROM clients_account
    WHERE client_id %% 3 > 0
) AS held
