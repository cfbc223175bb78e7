-- Lines of staged products that this version of the feed day told of already (only when single rows are added).
SELECT s.line
FROM trading_stage_product s
JOIN trading_product p ON p.code = s.product_code
JOIN trading_productrecord r ON r.product_id = p.id AND r.told_on = %(feed_day)s AND r.told_version = %(version)s
ORDER BY s.line
