-- Forgets the keys whose counting row a correction takes out.
-- Reads the day's blocks (BRIN on feed_day), deletes by primary key.
DELETE FROM trading_tradekey k
USING trading_trade t
WHERE t.feed_day = %(feed_day)s AND t.traded_on <= %(feed_day)s AND t.counts
  AND k.trade_no = t.trade_no AND k.feed_day = %(feed_day)s
