-- Lines of staged cash flows whose flow_no the feed day holds already (only when single rows are added to a day).
-- Probes the unique constraint on (flow_no, feed_day).
SELECT s.line
FROM trading_stage_cashflow s
JOIN trading_cashflow e ON e.flow_no = s.flow_no AND e.feed_day = %(feed_day)s
ORDER BY s.line
