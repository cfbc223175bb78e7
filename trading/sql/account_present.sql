-- Lines of staged accounts that this version of the feed day told of already (only when single rows are added).
SELECT s.line
FROM trading_stage_account s
JOIN clients_account a ON a.account_no = s.account_no
    AND a.told_on = %(feed_day)s AND a.told_version = %(version)s
ORDER BY s.line
