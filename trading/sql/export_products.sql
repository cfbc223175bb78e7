-- One row: a product as told on the day; with is_first as it stood by then.
SELECT DISTINCT ON (p.code) p.code AS product_code, r.name, r.family, r.risk_level
FROM trading_productrecord r
JOIN trading_product p ON p.id = r.product_id
WHERE r.told_on <= %(day)s AND (%(is_first)s::boolean OR r.told_on = %(day)s)
ORDER BY p.code, r.told_on DESC
