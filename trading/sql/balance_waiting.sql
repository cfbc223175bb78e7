-- Lines of staged balances whose account no feed has told of.
-- Reads the whole stage once against clients_account (unique account_no).
SELECT s.line
FROM trading_stage_balance s
LEFT JOIN clients_account a ON a.account_no = s.account_no
WHERE a.id IS NULL
ORDER BY s.line
