-- A row: the raw values of a client as a close kept them, to be scored under another version; staged.
-- Reads: segmentation_scoreclose by the client range of its primary key.
INSERT INTO segmentation_rawstage
    (client_id, branch_id, manager_no, kind, mature, contribution_12m, contribution_3m_x4, assets_avg_3m, net_inflow_ratio,
     declared_outside_assets, recency_days, active_months_12m, turnover_12m, product_families, tenure_years,
     complaints_12m, last_trade_on, assets_end, assets_month, assets_month_peak, assets_fell)
SELECT client_id, branch_id, manager_no, kind, mature, contribution_12m, contribution_3m_x4, assets_avg_3m,
       net_inflow_ratio, declared_outside_assets, recency_days, active_months_12m, turnover_12m, product_families,
       tenure_years, complaints_12m, last_trade_on, assets_end, assets_month, assets_month_peak, assets_fell
FROM segmentation_scoreclose AS kept
WHERE client_id BETWEEN %(lo)s AND %(hi)s AND as_of = %(as_of)s
  AND (%(everyone)s OR kept.client_id = ANY (%(client_ids)s::bigint[]))
