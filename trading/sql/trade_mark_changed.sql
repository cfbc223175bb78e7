-- One mark: a client and month whose trades a correction of the feed day changes, adds or takes away (F12).
-- Reads the day's blocks (BRIN on feed_day) and the stage.
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT place.client_id, date_trunc('month', place.traded_on)::date,
       greatest(%(feed_day)s::date, place.known_on), false
FROM (
    SELECT a.client_id, (s.traded_at AT TIME ZONE 'Asia/Shanghai')::date AS traded_on, a.first_told_on, s.trade_no,
           s.amount, s.gross_commission - s.handling_fee - s.csrc_fee AS net
    FROM trading_stage_trade s
    JOIN clients_account a ON a.account_no = s.account_no
) n
FULL JOIN (
    SELECT client_id, traded_on, trade_no, amount, gross_commission - handling_fee - csrc_fee AS net
    FROM trading_trade
    WHERE feed_day = %(feed_day)s AND traded_on <= %(feed_day)s
) o ON o.trade_no = n.trade_no
CROSS JOIN LATERAL (
    VALUES (n.client_id, n.traded_on, n.first_told_on), (o.client_id, o.traded_on, NULL)
) AS place (client_id, traded_on, known_on)
WHERE (n.client_id, n.traded_on, n.amount, n.net) IS DISTINCT FROM (o.client_id, o.traded_on, o.amount, o.net)
  AND place.client_id IS NOT NULL
