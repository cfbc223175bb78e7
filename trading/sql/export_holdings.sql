-- One row: a position in the day's snapshot.
SELECT a.account_no, h.market, h.security_code, h.quantity, h.market_value, p.code AS product_code
FROM trading_holding h
JOIN clients_account a ON a.id = h.account_id
LEFT JOIN trading_product p ON p.id = h.product_id
WHERE h.day = %(day)s
ORDER BY a.account_no, h.market, h.security_code
