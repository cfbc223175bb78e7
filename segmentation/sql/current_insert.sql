-- A row: the raw values and scores of a client that was not held on the night before.
-- Reads: segmentation_scorestage, segmentation_clientscore by its primary key.
INSERT INTO segmentation_clientscore
    (client_id, as_of, model_version_id, branch_id, manager_no, kind, mature, contribution_12m,
     contribution_3m_x4, assets_avg_3m, net_inflow_ratio, declared_outside_assets, recency_days,
     active_months_12m, turnover_12m, product_families, tenure_years, complaints_12m, last_trade_on, assets_end,
     assets_month, assets_month_peak, assets_fell, current, potential, loyalty, score, provisional, matrix, stage,
     tier, tier_reason, flags)
SELECT client_id, %(as_of)s, %(model_version)s, branch_id, manager_no, kind, mature, contribution_12m,
       contribution_3m_x4, assets_avg_3m, net_inflow_ratio, declared_outside_assets, recency_days,
       active_months_12m, turnover_12m, product_families, tenure_years, complaints_12m, last_trade_on, assets_end,
       assets_month, assets_month_peak, assets_fell, current, potential, loyalty, score, provisional, matrix,
       stage, '', '', '{}'
FROM segmentation_scorestage AS fresh
WHERE NOT EXISTS (
    SELECT 1 FROM segmentation_clientscore AS old
    WHERE old.client_id = fresh.client_id AND old.client_id BETWEEN %(lo)s AND %(hi)s)
