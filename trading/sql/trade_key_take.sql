-- Keys that a later feed day held go over to the staged row of an earlier one (F11).
UPDATE trading_tradekey k
SET feed_day = %(feed_day)s, client_id = a.client_id, traded_on = (s.traded_at AT TIME ZONE 'Asia/Shanghai')::date
FROM trading_stage_trade s
JOIN clients_account a ON a.account_no = s.account_no
WHERE k.trade_no = s.trade_no AND k.feed_day > %(feed_day)s
