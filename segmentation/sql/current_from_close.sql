-- A row: the current row of a held client on a night that is a month close: the close's own row.
-- Reads: segmentation_scoreclose, by the client range of its primary key; written only where it differs.
INSERT INTO segmentation_clientscore AS old
    (client_id, as_of, model_version_id, branch_id, manager_no, kind, mature, contribution_12m,
     contribution_3m_x4, assets_avg_3m, net_inflow_ratio, declared_outside_assets, recency_days,
     active_months_12m, turnover_12m, product_families, tenure_years, complaints_12m, last_trade_on, assets_end,
     assets_month, assets_month_peak, assets_fell, current, potential, loyalty, score, provisional, matrix, stage,
     tier, tier_since, tier_reason, flags)
SELECT client_id, as_of, model_version_id, branch_id, manager_no, kind, mature, contribution_12m,
       contribution_3m_x4, assets_avg_3m, net_inflow_ratio, declared_outside_assets, recency_days,
       active_months_12m, turnover_12m, product_families, tenure_years, complaints_12m, last_trade_on, assets_end,
       assets_month, assets_month_peak, assets_fell, current, potential, loyalty, score, provisional, matrix,
       stage, tier, tier_since, tier_reason, flags
FROM segmentation_scoreclose
WHERE client_id BETWEEN %(lo)s AND %(hi)s AND as_of = %(as_of)s
ON CONFLICT (client_id) DO UPDATE
SET as_of = excluded.as_of, model_version_id = excluded.model_version_id, branch_id = excluded.branch_id,
    manager_no = excluded.manager_no, kind = excluded.kind, mature = excluded.mature,
    contribution_12m = excluded.contribution_12m, contribution_3m_x4 = excluded.contribution_3m_x4,
    assets_avg_3m = excluded.assets_avg_3m, net_inflow_ratio = excluded.net_inflow_ratio,
    declared_outside_assets = excluded.declared_outside_assets, recency_days = excluded.recency_days,
    active_months_12m = excluded.active_months_12m, turnover_12m = excluded.turnover_12m,
    product_families = excluded.product_families, tenure_years = excluded.tenure_years,
    complaints_12m = excluded.complaints_12m, last_trade_on = excluded.last_trade_on,
    assets_end = excluded.assets_end, assets_month = excluded.assets_month,
    assets_month_peak = excluded.assets_month_peak, assets_fell = excluded.assets_fell,
    current = excluded.current, potential = excluded.potential, loyalty = excluded.loyalty,
    score = excluded.score, provisional = excluded.provisional, matrix = excluded.matrix, stage = excluded.stage,
    tier = excluded.tier, tier_since = excluded.tier_since, tier_reason = excluded.tier_reason,
    flags = excluded.flags
WHERE (old.as_of, old.model_version_id, old.branch_id, old.manager_no, old.kind, old.mature, old.contribution_12m,
       old.contribution_3m_x4, old.assets_avg_3m, old.net_inflow_ratio, old.declared_outside_assets,
       old.recency_days, old.active_months_12m, old.turnover_12m, old.product_families, old.tenure_years,
       old.complaints_12m, old.last_trade_on, old.assets_end, old.assets_month, old.assets_month_peak,
       old.assets_fell, old.current, old.potential, old.loyalty, old.score, old.provisional, old.matrix,
       old.stage, old.tier, old.tier_since, old.tier_reason, old.flags)
    IS DISTINCT FROM
      (excluded.as_of, excluded.model_version_id, excluded.branch_id, excluded.manager_no, excluded.kind,
       excluded.mature, excluded.contribution_12m, excluded.contribution_3m_x4, excluded.assets_avg_3m,
       excluded.net_inflow_ratio, excluded.declared_outside_assets, excluded.recency_days,
       excluded.active_months_12m, excluded.turnover_12m, excluded.product_families, excluded.tenure_years,
       excluded.complaints_12m, excluded.last_trade_on, excluded.assets_end, excluded.assets_month,
       excluded.assets_month_peak, excluded.assets_fell, excluded.current, excluded.potential, excluded.loyalty,
       excluded.score, excluded.provisional, excluded.matrix, excluded.stage, excluded.tier, excluded.tier_since,
       excluded.tier_reason, excluded.flags)
