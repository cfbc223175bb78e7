-- Takes out a feed day's custody events before a correction's come in; served by the index on feed_day.
DELETE FROM trading_custodyevent WHERE feed_day = %(feed_day)s
