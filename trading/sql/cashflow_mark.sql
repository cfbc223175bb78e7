-- One mark: a client and an earlier month that staged cash flows fall into, or whose account is told of only later.
-- The feed day's own month is marked for everyone when the day is new; is_all marks it too.
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT a.client_id, date_trunc('month', (s.occurred_at AT TIME ZONE 'Asia/Shanghai')::date)::date,
       greatest(%(feed_day)s::date, %(known_by)s::date, a.first_told_on), false
FROM trading_stage_cashflow s
JOIN clients_account a ON a.account_no = s.account_no
WHERE %(is_all)s::boolean
   OR a.first_told_on > %(feed_day)s
   OR (s.occurred_at AT TIME ZONE 'Asia/Shanghai')::date < date_trunc('month', %(feed_day)s::date)
