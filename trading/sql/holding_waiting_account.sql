-- Lines of staged holdings whose account no feed has told of.
SELECT s.line
FROM trading_stage_holding s
LEFT JOIN clients_account a ON a.account_no = s.account_no
WHERE a.id IS NULL
ORDER BY s.line
