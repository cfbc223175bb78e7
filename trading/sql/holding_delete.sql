-- Takes out a day's holdings before a correction's come in; the month's BRIN on day finds their blocks.
DELETE FROM trading_holding WHERE day = %(feed_day)s
