-- Lines of staged balances whose account has a row on the feed day already (only when single rows are added to it).
-- Probes the primary key.
SELECT s.line
FROM trading_stage_balance s
JOIN clients_account a ON a.account_no = s.account_no
JOIN trading_balance b ON b.client_id = a.client_id AND b.day = %(feed_day)s AND b.account_id = a.id
ORDER BY s.line
