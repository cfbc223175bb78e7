-- Takes out a feed day's trades before a correction's come in; BRIN on feed_day finds their blocks.
DELETE FROM trading_trade WHERE feed_day = %(feed_day)s AND traded_on <= %(feed_day)s
