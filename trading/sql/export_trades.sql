-- One row: a trade of the day's package; times are Shanghai's.
SELECT t.trade_no, a.account_no, to_char(t.traded_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS traded_at, t.market, t.security_code, t.side, t.quantity,
       t.price, t.amount, t.gross_commission, t.handling_fee, t.csrc_fee, t.transfer_fee, t.stamp_duty
FROM trading_trade t
JOIN clients_account a ON a.id = t.account_id
WHERE t.feed_day = %(day)s AND t.traded_on <= %(day)s
ORDER BY t.trade_no
