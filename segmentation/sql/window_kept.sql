-- A row: sums of a client over the months before this one as an earlier night kept them; staged.
-- Reads: segmentation_window by the client range of its primary key.
INSERT INTO segmentation_windowstage
    (client_id, income_12m, income_leaving_12m, income_3m, income_leaving_3m, net_inflow, net_inflow_leaving, turnover,
     turnover_leaving, assets_sum_12m, trading_days_12m, assets_sum_3m, trading_days_3m, active_months,
     assets_peak, last_trade_on)
SELECT client_id, income_12m, income_leaving_12m, income_3m, income_leaving_3m, net_inflow, net_inflow_leaving, turnover,
       turnover_leaving, assets_sum_12m, trading_days_12m, assets_sum_3m, trading_days_3m, active_months,
       assets_peak, last_trade_on
FROM segmentation_window
WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month = %(month)s
