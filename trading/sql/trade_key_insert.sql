-- One row: where the counting row of a trade_no stands; a key that is there already stays for now (F11).
INSERT INTO trading_tradekey (trade_no, feed_day, client_id, traded_on)
SELECT s.trade_no, %(feed_day)s, a.client_id, (s.traded_at AT TIME ZONE 'Asia/Shanghai')::date
FROM trading_stage_trade s
JOIN clients_account a ON a.account_no = s.account_no
ON CONFLICT (trade_no) DO NOTHING
