-- One mark: a client and month whose incomes a correction of the feed day changes, adds or takes away (F12).
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT place.client_id, date_trunc('month', place.happened_on)::date, %(feed_day)s::date, false
FROM (
    SELECT c.id AS client_id, %(feed_day)s::date AS happened_on, s.income_no, s.kind, s.amount
    FROM trading_stage_income s
    JOIN clients_client c ON c.client_no = s.client_no
) n
FULL JOIN (
    SELECT client_id, feed_day AS happened_on, income_no, kind, amount
    FROM trading_income
    WHERE feed_day = %(feed_day)s
) o ON o.income_no = n.income_no
CROSS JOIN LATERAL (
    VALUES (n.client_id, n.happened_on), (o.client_id, o.happened_on)
) AS place (client_id, happened_on)
WHERE (n.client_id, n.happened_on, n.kind, n.amount) IS DISTINCT FROM (o.client_id, o.happened_on, o.kind, o.amount)
  AND place.client_id IS NOT NULL
