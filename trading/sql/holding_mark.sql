-- One mark: a client whose holdings of the feed day are about to change.
-- With is_whole the stage replaces the day, else it adds rows to it. Reads the day's blocks (BRIN on day).
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT coalesce(n.client_id, o.client_id), date_trunc('month', %(feed_day)s::date)::date,
       greatest(%(feed_day)s::date, %(known_by)s::date, n.first_told_on), false
FROM (
    SELECT a.client_id, a.id AS account_id, a.first_told_on, s.market, s.security_code, s.quantity, p.id AS product_id
    FROM trading_stage_holding s
    JOIN clients_account a ON a.account_no = s.account_no
    LEFT JOIN trading_product p ON p.code = s.product_code
    WHERE s.product_code IS NULL OR p.id IS NOT NULL
) n
FULL JOIN (SELECT * FROM trading_holding WHERE day = %(feed_day)s) o
    ON o.client_id = n.client_id AND o.account_id = n.account_id
    AND o.market = n.market AND o.security_code = n.security_code
WHERE (%(is_whole)s::boolean OR n.client_id IS NOT NULL)
  AND (n.client_id IS NULL OR o.client_id IS NULL
       OR (n.quantity, n.product_id) IS DISTINCT FROM (o.quantity, o.product_id))
