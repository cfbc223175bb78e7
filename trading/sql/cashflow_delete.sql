-- Takes out a feed day's cash flows before a correction's come in; served by the index on feed_day.
DELETE FROM trading_cashflow WHERE feed_day = %(feed_day)s
