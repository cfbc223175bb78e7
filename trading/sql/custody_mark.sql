-- One mark: a client with staged custody events, when they are added to a day that is loaded already (is_all).
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT c.id, date_trunc('month', %(feed_day)s::date)::date,
       greatest(%(feed_day)s::date, %(known_by)s::date), false
FROM trading_stage_custody s
JOIN clients_client c ON c.client_no = s.client_no
WHERE %(is_all)s::boolean
