-- One mark: a client and month that get a trade back because the row that hid it is gone (F11).
-- Reads the partial index of rows that do not count.
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT t.client_id, date_trunc('month', t.traded_on)::date, t.feed_day, false
FROM trading_trade t
JOIN trading_tradekey k ON k.trade_no = t.trade_no AND k.feed_day = t.feed_day
WHERE NOT t.counts
