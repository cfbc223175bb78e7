-- Takes out a feed day's incomes before a correction's come in; served by the index on feed_day.
DELETE FROM trading_income WHERE feed_day = %(feed_day)s
