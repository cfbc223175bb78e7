-- A row: the staged sums of a client over the months before this one, kept for the rest of the month's nights.
-- Reads: segmentation_windowstage.
INSERT INTO segmentation_window
    (client_id, month, income_12m, income_leaving_12m, income_3m, income_leaving_3m, net_inflow, net_inflow_leaving, turnover,
     turnover_leaving, assets_sum_12m, trading_days_12m, assets_sum_3m, trading_days_3m, active_months,
     assets_peak, last_trade_on)
SELECT client_id, %(month)s, income_12m, income_leaving_12m, income_3m, income_leaving_3m, net_inflow, net_inflow_leaving, turnover,
       turnover_leaving, assets_sum_12m, trading_days_12m, assets_sum_3m, trading_days_3m, active_months,
       assets_peak, last_trade_on
FROM segmentation_windowstage
ON CONFLICT (client_id) DO NOTHING
