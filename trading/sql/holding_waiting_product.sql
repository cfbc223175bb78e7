-- Lines of staged holdings whose account is known but whose product no feed has told of.
SELECT s.line
FROM trading_stage_holding s
JOIN clients_account a ON a.account_no = s.account_no
LEFT JOIN trading_product p ON p.code = s.product_code
WHERE s.product_code IS NOT NULL AND p.id IS NULL
ORDER BY s.line
