-- The yardstick: one bare serial pass that sums every client's months (numeric), writing nothing but a count.
-- Reads: trading_clientmonth whole.
SELECT count(*) AS clients, sum(contribution) AS contribution
FROM (
    SELECT client_id, sum(assets_sum) AS assets, sum(turnover) AS turnover,
           sum(net_commission + margin_interest + cash_spread + product_fee + other_income) AS contribution,
           sum(inflow) AS inflow, sum(outflow) AS outflow
    FROM trading_clientmonth
    GROUP BY client_id
) AS by_client
