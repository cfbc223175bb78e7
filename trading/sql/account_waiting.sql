-- Lines of staged accounts whose client no feed has told of.
SELECT s.line
FROM trading_stage_account s
LEFT JOIN clients_client c ON c.client_no = s.client_no
WHERE c.id IS NULL
ORDER BY s.line
