-- One row: an income of the day's package.
SELECT i.income_no, c.client_no, i.kind, i.amount
FROM trading_income i
JOIN clients_client c ON c.id = i.client_id
WHERE i.feed_day = %(day)s
ORDER BY i.income_no
