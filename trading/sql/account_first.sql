-- The first day on which an account was told of moves back when an older package comes later.
UPDATE clients_account a
SET first_told_on = %(feed_day)s
FROM trading_stage_account s
WHERE a.account_no = s.account_no AND a.first_told_on > %(feed_day)s
