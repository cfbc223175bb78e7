-- Takes out a day's balances before a correction's come in; the month's BRIN on day finds their blocks.
DELETE FROM trading_balance WHERE day = %(feed_day)s
