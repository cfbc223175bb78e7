-- One row: what an account held at the close of the feed day.
-- Reads the stage and clients_account; sorted, so that the month's rows of a client lie together.
INSERT INTO trading_balance (client_id, day, account_id, cash, market_value, product_value, margin_debit)
SELECT a.client_id, %(feed_day)s, a.id, s.cash, s.market_value, s.product_value, s.margin_debit
FROM trading_stage_balance s
JOIN clients_account a ON a.account_no = s.account_no
ORDER BY a.client_id, a.id
ON CONFLICT DO NOTHING
