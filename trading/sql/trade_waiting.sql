-- Lines of staged trades whose account no feed has told of.
SELECT s.line
FROM trading_stage_trade s
LEFT JOIN clients_account a ON a.account_no = s.account_no
WHERE a.id IS NULL
ORDER BY s.line
