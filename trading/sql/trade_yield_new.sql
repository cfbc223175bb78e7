-- Staged trades whose key an earlier feed day brought do not count (F11).
-- Finds the new rows by primary key.
UPDATE trading_trade t
SET counts = false
FROM trading_stage_trade s
JOIN clients_account a ON a.account_no = s.account_no
JOIN trading_tradekey k ON k.trade_no = s.trade_no AND k.feed_day < %(feed_day)s
WHERE t.client_id = a.client_id
  AND t.traded_on = (s.traded_at AT TIME ZONE 'Asia/Shanghai')::date
  AND t.trade_no = s.trade_no
  AND t.feed_day = %(feed_day)s
