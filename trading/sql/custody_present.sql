-- Lines of staged custody events whose event_no the feed day holds already (only when single rows are added to a day).
-- Probes the unique constraint on (event_no, feed_day).
SELECT s.line
FROM trading_stage_custody s
JOIN trading_custodyevent e ON e.event_no = s.event_no AND e.feed_day = %(feed_day)s
ORDER BY s.line
