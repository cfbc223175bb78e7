-- One row: a position in the feed day's complete snapshot (F8).
INSERT INTO trading_holding (client_id, day, account_id, market, security_code, quantity, market_value, product_id)
SELECT a.client_id, %(feed_day)s, a.id, s.market, s.security_code, s.quantity, s.market_value, p.id
FROM trading_stage_holding s
JOIN clients_account a ON a.account_no = s.account_no
LEFT JOIN trading_product p ON p.code = s.product_code
WHERE s.product_code IS NULL OR p.id IS NOT NULL
ORDER BY a.client_id, a.id
ON CONFLICT DO NOTHING
