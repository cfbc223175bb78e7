-- Lines of staged units that this version of the feed day told of already (only when single rows are added).
SELECT s.line
FROM trading_stage_branch s
JOIN staff_unit u ON u.code = s.code
JOIN staff_unitrecord r ON r.unit_id = u.id AND r.told_on = %(feed_day)s AND r.told_version = %(version)s
ORDER BY s.line
