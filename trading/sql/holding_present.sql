-- Lines of staged holdings that the feed day's snapshot has already (only when single rows are added to it).
-- Probes the primary key.
SELECT s.line
FROM trading_stage_holding s
JOIN clients_account a ON a.account_no = s.account_no
JOIN trading_holding h ON h.client_id = a.client_id AND h.day = %(feed_day)s AND h.account_id = a.id
    AND h.market = s.market AND h.security_code = s.security_code
ORDER BY s.line
