-- Lines of staged accounts that belong to another client already: an account never changes hands.
SELECT s.line
FROM trading_stage_account s
JOIN clients_account a ON a.account_no = s.account_no
JOIN clients_client c ON c.id = a.client_id
WHERE c.client_no <> s.client_no
ORDER BY s.line
LIMIT %(most)s
