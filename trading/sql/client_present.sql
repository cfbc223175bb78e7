-- Lines of staged clients that this version of the feed day told of already (only when single rows are added).
SELECT s.line
FROM trading_stage_client s
JOIN clients_client c ON c.client_no = s.client_no
JOIN clients_clientrecord r ON r.client_id = c.id AND r.told_on = %(feed_day)s AND r.told_version = %(version)s
ORDER BY s.line
