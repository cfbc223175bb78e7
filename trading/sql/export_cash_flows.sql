-- One row: a cash flow of the day's package; times are Shanghai's.
SELECT f.flow_no, a.account_no, to_char(f.occurred_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS occurred_at, f.direction, f.amount
FROM trading_cashflow f
JOIN clients_account a ON a.id = f.account_id
WHERE f.feed_day = %(day)s
ORDER BY f.flow_no
