-- One mark: a client and an earlier month that staged trades fall into, or whose account is told of only later.
-- The feed day's own month is marked for everyone when the day is new; is_all marks it too.
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT a.client_id, date_trunc('month', s.traded_at AT TIME ZONE 'Asia/Shanghai')::date,
       greatest(%(feed_day)s::date, %(known_by)s::date, a.first_told_on), false
FROM trading_stage_trade s
JOIN clients_account a ON a.account_no = s.account_no
WHERE (%(is_all)s::boolean
       OR a.first_told_on > %(feed_day)s
       OR (s.traded_at AT TIME ZONE 'Asia/Shanghai')::date < date_trunc('month', %(feed_day)s::date))
  -- asked once for the whole statement: usually nothing of the kind is there, and the join is spared
  AND (%(is_all)s::boolean
       OR EXISTS (SELECT 1 FROM trading_feedpackage WHERE state = 'loaded' AND trade_date > %(feed_day)s)
       OR EXISTS (
           SELECT 1 FROM trading_stage_trade
           WHERE (traded_at AT TIME ZONE 'Asia/Shanghai')::date < date_trunc('month', %(feed_day)s::date)
       ))
