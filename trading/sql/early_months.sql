-- The months before the first loaded one that trades or cash flows are dated in; there are hardly any.
-- Reads the trade partitions of those months, and the cash flows found by BRIN on occurred_on.
SELECT DISTINCT date_trunc('month', happened.happened_on)::date AS month
FROM (
    SELECT traded_on AS happened_on FROM trading_trade WHERE traded_on < %(first_month)s
    UNION ALL
    SELECT occurred_on FROM trading_cashflow WHERE occurred_on < %(first_month)s
) happened
ORDER BY 1
