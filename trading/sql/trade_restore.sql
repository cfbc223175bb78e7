-- Rows that their key names count again (F11).
-- Reads the partial index of rows that do not count.
UPDATE trading_trade t
SET counts = true
FROM trading_tradekey k
WHERE NOT t.counts AND k.trade_no = t.trade_no AND k.feed_day = t.feed_day
