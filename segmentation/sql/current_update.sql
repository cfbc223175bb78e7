-- A row: the raw values and scores of a held client on the night; the tier is the next step's, which looks at every
-- one whatever is guessed here. Changed only where it differs. Reads: segmentation_scorestage; serves itself by segmentation_clientscore's primary key.
UPDATE segmentation_clientscore AS old
SET as_of = %(as_of)s::date, model_version_id = %(model_version)s::bigint, branch_id = fresh.branch_id,
    manager_no = fresh.manager_no, kind = fresh.kind, mature = fresh.mature,
    contribution_12m = fresh.contribution_12m, contribution_3m_x4 = fresh.contribution_3m_x4,
    assets_avg_3m = fresh.assets_avg_3m, net_inflow_ratio = fresh.net_inflow_ratio,
    declared_outside_assets = fresh.declared_outside_assets, recency_days = fresh.recency_days,
    active_months_12m = fresh.active_months_12m, turnover_12m = fresh.turnover_12m,
    product_families = fresh.product_families, tenure_years = fresh.tenure_years,
    complaints_12m = fresh.complaints_12m, last_trade_on = fresh.last_trade_on, assets_end = fresh.assets_end,
    assets_month = fresh.assets_month, assets_month_peak = fresh.assets_month_peak,
    assets_fell = fresh.assets_fell, current = fresh.current, potential = fresh.potential,
    loyalty = fresh.loyalty, score = fresh.score, provisional = fresh.provisional, matrix = fresh.matrix,
    stage = fresh.stage,
    -- a rise counts anew from every night; that it lasts is a guess which saves the next step the row
    tier_since = CASE WHEN old.tier_reason = 'up' AND old.tier_since = old.as_of AND old.as_of >= %(month)s::date
                      THEN %(as_of)s::date ELSE old.tier_since END
FROM segmentation_scorestage AS fresh
WHERE old.client_id = fresh.client_id AND old.client_id BETWEEN %(lo)s AND %(hi)s
  AND (old.as_of, old.model_version_id, old.branch_id, old.manager_no, old.kind, old.mature, old.contribution_12m,
       old.contribution_3m_x4, old.assets_avg_3m, old.net_inflow_ratio, old.declared_outside_assets,
       old.recency_days, old.active_months_12m, old.turnover_12m, old.product_families, old.tenure_years,
       old.complaints_12m, old.last_trade_on, old.assets_end, old.assets_month, old.assets_month_peak,
       old.assets_fell, old.current, old.potential, old.loyalty, old.score, old.provisional, old.matrix,
       old.stage)
      IS DISTINCT FROM
      (%(as_of)s::date, %(model_version)s::bigint, fresh.branch_id, fresh.manager_no, fresh.kind, fresh.mature,
       fresh.contribution_12m, fresh.contribution_3m_x4, fresh.assets_avg_3m, fresh.net_inflow_ratio,
       fresh.declared_outside_assets, fresh.recency_days, fresh.active_months_12m, fresh.turnover_12m,
       fresh.product_families, fresh.tenure_years, fresh.complaints_12m, fresh.last_trade_on, fresh.assets_end,
       fresh.assets_month, fresh.assets_month_peak, fresh.assets_fell, fresh.current, fresh.potential,
       fresh.loyalty, fresh.score, fresh.provisional, fresh.matrix, fresh.stage)
