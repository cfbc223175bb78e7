-- One row: a income as its package told it; counts is settled afterwards where the key came before (F11).
INSERT INTO trading_income (client_id, feed_day, income_no, counts, kind, amount)
SELECT c.id, %(feed_day)s, s.income_no, true, s.kind, s.amount
FROM trading_stage_income s
JOIN clients_client c ON c.client_no = s.client_no
ORDER BY 1
