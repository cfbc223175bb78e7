-- One row: a trade as its package told it; counts is settled afterwards where the key came before (F11).
-- Reads the stage and clients_account; sorted, so that a client's trades of a day lie together.
INSERT INTO trading_trade (
    client_id, traded_on, trade_no, feed_day, counts, account_id, traded_at, market, security_code, side,
    quantity, price, amount, gross_commission, handling_fee, csrc_fee, transfer_fee, stamp_duty
)
SELECT a.client_id, (s.traded_at AT TIME ZONE 'Asia/Shanghai')::date, s.trade_no, %(feed_day)s, true, a.id,
       s.traded_at, s.market, s.security_code, s.side, s.quantity, s.price, s.amount, s.gross_commission,
       s.handling_fee, s.csrc_fee, s.transfer_fee, s.stamp_duty
FROM trading_stage_trade s
JOIN clients_account a ON a.account_no = s.account_no
ORDER BY a.client_id
