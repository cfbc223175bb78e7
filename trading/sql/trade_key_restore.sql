-- One row: the key of a trade that stood behind a row taken out, now at its next earliest feed day (F11).
-- Reads the partial index of rows that do not count.
INSERT INTO trading_tradekey (trade_no, feed_day, client_id, traded_on)
SELECT DISTINCT ON (t.trade_no) t.trade_no, t.feed_day, t.client_id, t.traded_on
FROM trading_trade t
WHERE NOT t.counts AND NOT EXISTS (SELECT 1 FROM trading_tradekey k WHERE k.trade_no = t.trade_no)
ORDER BY t.trade_no, t.feed_day
