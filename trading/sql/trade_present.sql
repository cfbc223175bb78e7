-- Lines of staged trades whose trade_no the feed day holds already (only when single rows are added to a day).
-- Probes trading_tradekey (primary key) and the partial index on rows that don't count.
SELECT s.line
FROM trading_stage_trade s
WHERE EXISTS (SELECT 1 FROM trading_tradekey k WHERE k.trade_no = s.trade_no AND k.feed_day = %(feed_day)s)
   OR EXISTS (
       SELECT 1 FROM trading_trade t
       WHERE NOT t.counts AND t.trade_no = s.trade_no AND t.feed_day = %(feed_day)s
   )
ORDER BY s.line
