-- One row: a cash flow as its package told it; counts is settled afterwards where the key came before (F11).
INSERT INTO trading_cashflow (client_id, occurred_on, flow_no, feed_day, counts, account_id, occurred_at, direction, amount)
SELECT a.client_id, (s.occurred_at AT TIME ZONE 'Asia/Shanghai')::date, s.flow_no, %(feed_day)s, true, a.id, s.occurred_at, s.direction, s.amount
FROM trading_stage_cashflow s
JOIN clients_account a ON a.account_no = s.account_no
ORDER BY 1
