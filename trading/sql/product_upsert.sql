-- One row: a product with what the newest trade date and version told of it (F12).
INSERT INTO trading_product AS p (code, name, family, risk_level, told_on, told_version)
SELECT s.product_code, coalesce(s.name, ''), coalesce(s.family, ''), coalesce(s.risk_level, ''), %(feed_day)s,
       %(version)s
FROM trading_stage_product s
ON CONFLICT (code) DO UPDATE
SET name = excluded.name, family = excluded.family, risk_level = excluded.risk_level, told_on = excluded.told_on,
    told_version = excluded.told_version
WHERE (p.told_on, p.told_version) <= (excluded.told_on, excluded.told_version)
