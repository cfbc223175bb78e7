-- Rows of later feed days whose key is staged for an earlier one no longer count (F11).
-- Finds them by primary key through trading_tradekey.
UPDATE trading_trade t
SET counts = false
FROM trading_stage_trade s
JOIN clients_account a ON a.account_no = s.account_no
JOIN trading_tradekey k ON k.trade_no = s.trade_no AND k.feed_day > %(feed_day)s
WHERE t.client_id = k.client_id
  AND t.traded_on = k.traded_on
  AND t.trade_no = k.trade_no
  AND t.feed_day = k.feed_day
