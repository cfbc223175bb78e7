-- A row: the raw values and scores of a held client at a month close; the tier is the next step's. Written only where
-- it differs. Reads: segmentation_scorestage; conflicts found by segmentation_scoreclose's primary key.
INSERT INTO segmentation_scoreclose AS old
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
FROM segmentation_scorestage
ON CONFLICT (client_id, as_of) DO UPDATE
SET model_version_id = excluded.model_version_id, branch_id = excluded.branch_id,
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
    score = excluded.score, provisional = excluded.provisional, matrix = excluded.matrix, stage = excluded.stage
WHERE (old.model_version_id, old.branch_id, old.manager_no, old.kind, old.mature, old.contribution_12m,
       old.contribution_3m_x4, old.assets_avg_3m, old.net_inflow_ratio, old.declared_outside_assets,
       old.recency_days, old.active_months_12m, old.turnover_12m, old.product_families, old.tenure_years,
       old.complaints_12m, old.last_trade_on, old.assets_end, old.assets_month, old.assets_month_peak,
       old.assets_fell, old.current, old.potential, old.loyalty, old.score, old.provisional, old.matrix,
       old.stage)
    IS DISTINCT FROM
      (excluded.model_version_id, excluded.branch_id, excluded.manager_no, excluded.kind, excluded.mature,
       excluded.contribution_12m, excluded.contribution_3m_x4, excluded.assets_avg_3m, excluded.net_inflow_ratio,
       excluded.declared_outside_assets, excluded.recency_days, excluded.active_months_12m, excluded.turnover_12m,
       excluded.product_families, excluded.tenure_years, excluded.complaints_12m, excluded.last_trade_on,
       excluded.assets_end, excluded.assets_month, excluded.assets_month_peak, excluded.assets_fell,
       excluded.current, excluded.potential, excluded.loyalty, excluded.score, excluded.provisional,
       excluded.matrix, excluded.stage)
