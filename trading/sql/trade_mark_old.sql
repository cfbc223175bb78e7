-- One mark: a client and month that lose a trade because a staged row of an earlier feed day has its key (F11).
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT k.client_id, date_trunc('month', k.traded_on)::date,
       greatest(%(feed_day)s::date, %(known_by)s::date), false
FROM trading_stage_trade s
JOIN clients_account a ON a.account_no = s.account_no
JOIN trading_tradekey k ON k.trade_no = s.trade_no AND k.feed_day > %(feed_day)s
