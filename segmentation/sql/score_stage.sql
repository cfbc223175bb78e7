-- A row: raw values with the scores a model version gives them (S5, S6, S8), the matrix field (S10) and the stage
-- (S11); staged. Raw values enter their curve in whole units of their last place, which float8 holds exactly. A
-- score is rounded through 9 places, so that what is a tie in exact fractions is one here too.
-- Reads: segmentation_rawstage, segmentation_curve of the version (primary key).
INSERT INTO segmentation_scorestage
    (client_id, branch_id, manager_no, kind, mature, contribution_12m, contribution_3m_x4, assets_avg_3m,
     net_inflow_ratio, declared_outside_assets, recency_days, active_months_12m, turnover_12m, product_families,
     tenure_years, complaints_12m, last_trade_on, assets_end, assets_month, assets_month_peak, assets_fell,
     current, potential, loyalty, score, provisional, matrix, stage)
WITH curve AS MATERIALIZED (
    SELECT kind, indicator, xs, starts, slopes FROM segmentation_curve WHERE model_version_id = %(model_version)s
), unit AS (
    SELECT client_id, kind,
           (contribution_12m * 10000)::bigint::float8 AS contribution_12m,
           (contribution_3m_x4 * 10000)::bigint::float8 AS contribution_3m_x4,
           (assets_avg_3m * 10000)::bigint::float8 AS assets_avg_3m,
           (net_inflow_ratio * 1000000)::bigint::float8 AS net_inflow_ratio,
           (declared_outside_assets * 10000)::bigint::float8 AS declared_outside_assets,
           recency_days::float8 AS recency_days, active_months_12m::float8 AS active_months_12m,
           (turnover_12m * 10000)::bigint::float8 AS turnover_12m, product_families::float8 AS product_families,
           (tenure_years * 1000000)::bigint::float8 AS tenure_years,
           greatest(0, 100 - %(complaint_points)s::float8 * complaints_12m) AS complaints
    FROM segmentation_rawstage
    WHERE mature AND %(model_version)s::bigint IS NOT NULL
    OFFSET 0
), pointed AS (
    SELECT client_id, complaints,
           segmentation_points(unit.contribution_12m, c1.xs, c1.starts, c1.slopes) AS contribution_12m,
           segmentation_points(unit.contribution_3m_x4, c2.xs, c2.starts, c2.slopes) AS contribution_3m_x4,
           segmentation_points(unit.assets_avg_3m, c3.xs, c3.starts, c3.slopes) AS assets_avg_3m,
           segmentation_points(unit.net_inflow_ratio, c4.xs, c4.starts, c4.slopes) AS net_inflow_ratio,
           segmentation_points(unit.declared_outside_assets, c5.xs, c5.starts, c5.slopes) AS outside_assets,
           segmentation_points(unit.recency_days, c6.xs, c6.starts, c6.slopes) AS recency_days,
           segmentation_points(unit.active_months_12m, c7.xs, c7.starts, c7.slopes) AS active_months,
           segmentation_points(unit.turnover_12m, c8.xs, c8.starts, c8.slopes) AS turnover_12m,
           segmentation_points(unit.product_families, c9.xs, c9.starts, c9.slopes) AS product_families,
           segmentation_points(unit.tenure_years, c10.xs, c10.starts, c10.slopes) AS tenure_years
    FROM unit
    LEFT JOIN curve AS c1 ON c1.kind = unit.kind AND c1.indicator = 'contribution_12m'
    LEFT JOIN curve AS c2 ON c2.kind = unit.kind AND c2.indicator = 'contribution_3m_x4'
    LEFT JOIN curve AS c3 ON c3.kind = unit.kind AND c3.indicator = 'assets_avg_3m'
    LEFT JOIN curve AS c4 ON c4.kind = unit.kind AND c4.indicator = 'net_inflow_ratio'
    LEFT JOIN curve AS c5 ON c5.kind = unit.kind AND c5.indicator = 'declared_outside_assets'
    LEFT JOIN curve AS c6 ON c6.kind = unit.kind AND c6.indicator = 'recency_days'
    LEFT JOIN curve AS c7 ON c7.kind = unit.kind AND c7.indicator = 'active_months_12m'
    LEFT JOIN curve AS c8 ON c8.kind = unit.kind AND c8.indicator = 'turnover_12m'
    LEFT JOIN curve AS c9 ON c9.kind = unit.kind AND c9.indicator = 'product_families'
    LEFT JOIN curve AS c10 ON c10.kind = unit.kind AND c10.indicator = 'tenure_years'
    OFFSET 0
), weighted AS (
    SELECT client_id,
           coalesce(%(w_contribution_12m)s::float8 * contribution_12m, 0)
           + coalesce(%(w_contribution_3m_x4)s::float8 * contribution_3m_x4, 0) AS current_sum,
           segmentation_weight(contribution_12m, %(w_contribution_12m)s::float8)
           + segmentation_weight(contribution_3m_x4, %(w_contribution_3m_x4)s::float8) AS current_weight,
           coalesce(%(w_assets_avg_3m)s::float8 * assets_avg_3m, 0)
           + coalesce(%(w_net_inflow_ratio)s::float8 * net_inflow_ratio, 0)
           + coalesce(%(w_declared_outside_assets)s::float8 * outside_assets, 0) AS potential_sum,
           segmentation_weight(assets_avg_3m, %(w_assets_avg_3m)s::float8)
           + segmentation_weight(net_inflow_ratio, %(w_net_inflow_ratio)s::float8)
           + segmentation_weight(outside_assets, %(w_declared_outside_assets)s::float8) AS potential_weight,
           coalesce(%(w_recency_days)s::float8 * recency_days, 0)
           + coalesce(%(w_active_months_12m)s::float8 * active_months, 0)
           + coalesce(%(w_turnover_12m)s::float8 * turnover_12m, 0)
           + coalesce(%(w_product_families)s::float8 * product_families, 0)
           + coalesce(%(w_tenure_years)s::float8 * tenure_years, 0)
           + coalesce(%(w_complaints_12m)s::float8 * complaints, 0) AS loyalty_sum,
           segmentation_weight(recency_days, %(w_recency_days)s::float8)
           + segmentation_weight(active_months, %(w_active_months_12m)s::float8)
           + segmentation_weight(turnover_12m, %(w_turnover_12m)s::float8)
           + segmentation_weight(product_families, %(w_product_families)s::float8)
           + segmentation_weight(tenure_years, %(w_tenure_years)s::float8)
           + segmentation_weight(complaints, %(w_complaints_12m)s::float8) AS loyalty_weight
    FROM pointed
    OFFSET 0
), axis AS (
    -- an axis stands on half of its weight (1) or more; the margin takes up float8's last digit
    SELECT client_id,
           CASE WHEN current_weight > 0.4999999 THEN current_sum / current_weight END AS current,
           CASE WHEN potential_weight > 0.4999999 THEN potential_sum / potential_weight END AS potential,
           CASE WHEN loyalty_weight > 0.4999999 THEN loyalty_sum / loyalty_weight END AS loyalty
    FROM weighted
    OFFSET 0
), scored AS (
    SELECT client_id, current, potential, loyalty,
           round(round((
               (coalesce(%(w_current)s::float8 * current, 0) + coalesce(%(w_potential)s::float8 * potential, 0)
                + coalesce(%(w_loyalty)s::float8 * loyalty, 0))
               / nullif(segmentation_weight(current, %(w_current)s::float8)
                        + segmentation_weight(potential, %(w_potential)s::float8)
                        + segmentation_weight(loyalty, %(w_loyalty)s::float8), 0))::numeric, 9), 2) AS score
    FROM axis
)
SELECT raw.client_id, branch_id, manager_no, kind, mature, contribution_12m, contribution_3m_x4, assets_avg_3m,
       net_inflow_ratio, declared_outside_assets, recency_days, active_months_12m, turnover_12m, product_families,
       tenure_years, complaints_12m, last_trade_on, assets_end, assets_month, assets_month_peak, assets_fell,
       current, potential, loyalty, score,
       score IS NOT NULL AND (current IS NULL OR potential IS NULL OR loyalty IS NULL),
       CASE WHEN current IS NULL OR potential IS NULL THEN ''
            WHEN round(current::numeric, 9) >= %(matrix_current)s::numeric THEN
                CASE WHEN round(potential::numeric, 9) >= %(matrix_potential)s::numeric
                     THEN 'core' ELSE 'maintain' END
            WHEN round(potential::numeric, 9) >= %(matrix_potential)s::numeric THEN 'grow' ELSE 'watch' END,
       CASE WHEN active_months_12m >= %(client_active_months)s
              OR (product_families >= %(client_families)s AND tenure_years >= %(client_tenure)s) THEN 'client'
            WHEN active_months_12m >= %(repeat_active_months)s OR product_families >= %(repeat_families)s
                THEN 'repeat'
            WHEN last_trade_on IS NOT NULL THEN 'first' ELSE 'prospect' END
FROM segmentation_rawstage AS raw
LEFT JOIN scored ON scored.client_id = raw.client_id
