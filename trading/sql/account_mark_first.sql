-- One mark: a client with an account that an earlier day turns out to have told of; all its months are looked at.
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT a.client_id, date '1900-01-01', greatest(%(feed_day)s::date, %(known_by)s::date), false
FROM trading_stage_account s
JOIN clients_account a ON a.account_no = s.account_no
WHERE a.first_told_on > %(feed_day)s
