-- One row: an account's balance of the day.
SELECT a.account_no, b.cash, b.market_value, b.product_value, b.margin_debit
FROM trading_balance b
JOIN clients_account a ON a.id = b.account_id
WHERE b.day = %(day)s
ORDER BY a.account_no
