-- One mark: a client who ever held a product whose family the stage tells otherwise than the day before it.
-- Reads the holdings of such products only; there are hardly any.
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT h.client_id, date_trunc('month', h.day)::date, greatest(%(feed_day)s::date, h.day), false
FROM trading_stage_product s
JOIN trading_product p ON p.code = s.product_code
JOIN LATERAL (
    SELECT r.family
    FROM trading_productrecord r
    WHERE r.product_id = p.id AND r.told_on <= %(feed_day)s
    ORDER BY r.told_on DESC
    LIMIT 1
) told ON told.family <> coalesce(s.family, '')
JOIN trading_holding h ON h.product_id = p.id
