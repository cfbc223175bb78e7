-- One mark: a client and month whose cash flows a correction of the feed day changes, adds or takes away (F12).
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT place.client_id, date_trunc('month', place.happened_on)::date, %(feed_day)s::date, false
FROM (
    SELECT a.client_id AS client_id, (s.occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS happened_on, s.flow_no, s.direction, s.amount
    FROM trading_stage_cashflow s
    JOIN clients_account a ON a.account_no = s.account_no
) n
FULL JOIN (
    SELECT client_id, occurred_on AS happened_on, flow_no, direction, amount
    FROM trading_cashflow
    WHERE feed_day = %(feed_day)s
) o ON o.flow_no = n.flow_no
CROSS JOIN LATERAL (
    VALUES (n.client_id, n.happened_on), (o.client_id, o.happened_on)
) AS place (client_id, happened_on)
WHERE (n.client_id, n.happened_on, n.direction, n.amount) IS DISTINCT FROM (o.client_id, o.happened_on, o.direction, o.amount)
  AND place.client_id IS NOT NULL
