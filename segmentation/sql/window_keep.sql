-- A row: the staged sums of a client over the months before this one, kept for the rest of the month's nights; of a
-- client without any such month sums of nothing, so that it is not looked for again every night.
-- Reads: segmentation_windowstage.
INSERT INTO segmentation_window
    (client_id, month, income_12m, income_leaving_12m, income_3m, income_leaving_3m, net_inflow, net_inflow_leaving,
     turnover, turnover_leaving, assets_sum_12m, trading_days_12m, assets_sum_3m, trading_days_3m, active_months,
     assets_peak, last_trade_on)
SELECT outdated.client_id, %(month)s, coalesce(income_12m, 0), coalesce(income_leaving_12m, 0),
       coalesce(income_3m, 0), coalesce(income_leaving_3m, 0), coalesce(net_inflow, 0),
       coalesce(net_inflow_leaving, 0), coalesce(turnover, 0), coalesce(turnover_leaving, 0),
       coalesce(assets_sum_12m, 0), coalesce(trading_days_12m, 0), coalesce(assets_sum_3m, 0),
       coalesce(trading_days_3m, 0), coalesce(active_months, 0), assets_peak, last_trade_on
FROM unnest(%(client_ids)s::bigint[]) AS outdated(client_id)
LEFT JOIN segmentation_windowstage AS stage ON stage.client_id = outdated.client_id
ON CONFLICT (client_id) DO NOTHING
