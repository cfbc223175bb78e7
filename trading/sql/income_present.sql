-- Lines of staged incomes whose income_no the feed day holds already (only when single rows are added to a day).
-- Probes the unique constraint on (income_no, feed_day).
SELECT s.line
FROM trading_stage_income s
JOIN trading_income e ON e.income_no = s.income_no AND e.feed_day = %(feed_day)s
ORDER BY s.line
