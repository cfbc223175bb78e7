-- One row: what a feed day told of a product; of several versions the highest.
INSERT INTO trading_productrecord AS r (product_id, told_on, told_version, name, family, risk_level)
SELECT p.id, %(feed_day)s, %(version)s, coalesce(s.name, ''), coalesce(s.family, ''), coalesce(s.risk_level, '')
FROM trading_stage_product s
JOIN trading_product p ON p.code = s.product_code
ON CONFLICT (product_id, told_on) DO UPDATE
SET told_version = excluded.told_version, name = excluded.name, family = excluded.family,
    risk_level = excluded.risk_level
WHERE r.told_version <= excluded.told_version
