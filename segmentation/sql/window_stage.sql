-- A row: a client's sums over the months before the month of the as-of date: the 11 (3m: 2) months that belong whole
-- to the window and, apart, the month that is leaving it (S13); staged. Income is already less service cost.
-- Reads: trading_clientmonth, interactions_servicemonth by their primary keys' client range.
INSERT INTO segmentation_windowstage
    (client_id, income_12m, income_leaving_12m, income_3m, income_leaving_3m, net_inflow, net_inflow_leaving,
     turnover, turnover_leaving, assets_sum_12m, trading_days_12m, assets_sum_3m, trading_days_3m, active_months,
     assets_peak, last_trade_on)
SELECT client_id,
       coalesce(sum(income) FILTER (WHERE month > %(leaving_12m)s), 0),
       coalesce(sum(income) FILTER (WHERE month = %(leaving_12m)s), 0),
       coalesce(sum(income) FILTER (WHERE month > %(leaving_3m)s), 0),
       coalesce(sum(income) FILTER (WHERE month = %(leaving_3m)s), 0),
       coalesce(sum(net_inflow) FILTER (WHERE month > %(leaving_12m)s), 0),
       coalesce(sum(net_inflow) FILTER (WHERE month = %(leaving_12m)s), 0),
       coalesce(sum(turnover) FILTER (WHERE month > %(leaving_12m)s), 0),
       coalesce(sum(turnover) FILTER (WHERE month = %(leaving_12m)s), 0),
       coalesce(sum(assets_sum) FILTER (WHERE month > %(leaving_12m)s), 0),
       coalesce(sum(trading_days) FILTER (WHERE month > %(leaving_12m)s), 0),
       coalesce(sum(assets_sum) FILTER (WHERE month > %(leaving_3m)s), 0),
       coalesce(sum(trading_days) FILTER (WHERE month > %(leaving_3m)s), 0),
       count(*) FILTER (WHERE month > %(leaving_12m)s AND trades > 0),
       max(round(assets_sum / nullif(trading_days, 0), 12)) FILTER (WHERE month > %(leaving_12m)s),
       max(last_trade_on)
FROM (
    SELECT client_id, month, sum(income) AS income, sum(net_inflow) AS net_inflow, sum(turnover) AS turnover,
           sum(assets_sum) AS assets_sum, sum(trading_days) AS trading_days, sum(trades) AS trades,
           max(last_trade_on) AS last_trade_on
    FROM (
        SELECT client_id, month,
               net_commission + margin_interest + cash_spread + product_fee + other_income AS income,
               inflow - outflow AS net_inflow, turnover, assets_sum, trading_days, trades, last_trade_on
        FROM trading_clientmonth
        WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month = ANY (%(earlier_months)s::date[])
          AND (%(everyone)s OR client_id = ANY (%(client_ids)s::bigint[]))
        UNION ALL
        SELECT client_id, month, -cost, 0, 0, 0, 0, 0, NULL
        FROM interactions_servicemonth
        WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month >= %(leaving_12m)s AND month < %(month)s AND cost <> 0
          AND (%(everyone)s OR client_id = ANY (%(client_ids)s::bigint[]))
    ) AS parts
    GROUP BY client_id, month
) AS months
GROUP BY client_id
