-- The months before the first loaded one that trades or cash flows are dated in, or were: there are hardly any.
-- Reads the trade partitions of those months, cash flows by BRIN on occurred_on, client-months by the index on month.
SELECT DISTINCT date_trunc('month', happened.happened_on)::date AS month
FROM (
    SELECT traded_on AS happened_on FROM trading_trade WHERE traded_on < %(first_month)s
    UNION ALL
    SELECT occurred_on FROM trading_cashflow WHERE occurred_on < %(first_month)s
    UNION ALL
    SELECT month FROM trading_clientmonth WHERE month < %(first_month)s
) happened
ORDER BY 1
