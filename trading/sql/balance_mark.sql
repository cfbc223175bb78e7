-- One mark: a client whose balances of the feed day are about to change.
-- With is_whole the stage replaces the day, else it adds rows to it. Reads the day's blocks (BRIN on day).
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT coalesce(n.client_id, o.client_id), date_trunc('month', %(feed_day)s::date)::date,
       greatest(%(feed_day)s::date, %(known_by)s::date, n.first_told_on), false
FROM (
    SELECT a.client_id, a.id AS account_id, a.first_told_on, s.cash, s.market_value, s.product_value, s.margin_debit
    FROM trading_stage_balance s
    JOIN clients_account a ON a.account_no = s.account_no
) n
FULL JOIN (SELECT * FROM trading_balance WHERE day = %(feed_day)s) o
    ON o.client_id = n.client_id AND o.account_id = n.account_id
WHERE (%(is_whole)s::boolean OR n.client_id IS NOT NULL)
  AND (n.cash, n.market_value, n.product_value, n.margin_debit)
      IS DISTINCT FROM (o.cash, o.market_value, o.product_value, o.margin_debit)
