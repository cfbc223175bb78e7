-- A row: raw values with the scores a model version gives them (S5, S6, S8), the matrix field (S10) and the stage
-- (S11); staged. Raw values enter their curve in whole units of their last place, which float8 holds exactly. A
-- score is rounded through 9 places, so that what is a tie in exact fractions is one here too; so are the axes where
-- they meet the matrix, by half a unit of the ninth place.
-- Reads: segmentation_rawstage, segmentation_curve of the version (primary key).
INSERT INTO segmentation_scorestage
    (client_id, branch_id, manager_no, kind, mature, contribution_12m, contribution_3m_x4, assets_avg_3m,
     net_inflow_ratio, declared_outside_assets, recency_days, active_months_12m, turnover_12m, product_families,
     tenure_years, complaints_12m, last_trade_on, assets_end, assets_month, assets_month_peak, assets_fell,
     current, potential, loyalty, score, provisional, matrix, stage)
WITH curve AS MATERIALIZED (
    -- one row a client kind, with the three arrays of every indicator's curve
    SELECT kind,
           max(xs) FILTER (WHERE indicator = 'contribution_12m') AS contribution_12m_xs,
           max(starts) FILTER (WHERE indicator = 'contribution_12m') AS contribution_12m_starts,
           max(slopes) FILTER (WHERE indicator = 'contribution_12m') AS contribution_12m_slopes,
           max(xs) FILTER (WHERE indicator = 'contribution_3m_x4') AS contribution_3m_x4_xs,
           max(starts) FILTER (WHERE indicator = 'contribution_3m_x4') AS contribution_3m_x4_starts,
           max(slopes) FILTER (WHERE indicator = 'contribution_3m_x4') AS contribution_3m_x4_slopes,
           max(xs) FILTER (WHERE indicator = 'assets_avg_3m') AS assets_avg_3m_xs,
           max(starts) FILTER (WHERE indicator = 'assets_avg_3m') AS assets_avg_3m_starts,
           max(slopes) FILTER (WHERE indicator = 'assets_avg_3m') AS assets_avg_3m_slopes,
           max(xs) FILTER (WHERE indicator = 'net_inflow_ratio') AS net_inflow_ratio_xs,
           max(starts) FILTER (WHERE indicator = 'net_inflow_ratio') AS net_inflow_ratio_starts,
           max(slopes) FILTER (WHERE indicator = 'net_inflow_ratio') AS net_inflow_ratio_slopes,
           max(xs) FILTER (WHERE indicator = 'declared_outside_assets') AS declared_outside_assets_xs,
           max(starts) FILTER (WHERE indicator = 'declared_outside_assets') AS declared_outside_assets_starts,
           max(slopes) FILTER (WHERE indicator = 'declared_outside_assets') AS declared_outside_assets_slopes,
           max(xs) FILTER (WHERE indicator = 'recency_days') AS recency_days_xs,
           max(starts) FILTER (WHERE indicator = 'recency_days') AS recency_days_starts,
           max(slopes) FILTER (WHERE indicator = 'recency_days') AS recency_days_slopes,
           max(xs) FILTER (WHERE indicator = 'active_months_12m') AS active_months_12m_xs,
           max(starts) FILTER (WHERE indicator = 'active_months_12m') AS active_months_12m_starts,
           max(slopes) FILTER (WHERE indicator = 'active_months_12m') AS active_months_12m_slopes,
           max(xs) FILTER (WHERE indicator = 'turnover_12m') AS turnover_12m_xs,
           max(starts) FILTER (WHERE indicator = 'turnover_12m') AS turnover_12m_starts,
           max(slopes) FILTER (WHERE indicator = 'turnover_12m') AS turnover_12m_slopes,
           max(xs) FILTER (WHERE indicator = 'product_families') AS product_families_xs,
           max(starts) FILTER (WHERE indicator = 'product_families') AS product_families_starts,
           max(slopes) FILTER (WHERE indicator = 'product_families') AS product_families_slopes,
           max(xs) FILTER (WHERE indicator = 'tenure_years') AS tenure_years_xs,
           max(starts) FILTER (WHERE indicator = 'tenure_years') AS tenure_years_starts,
           max(slopes) FILTER (WHERE indicator = 'tenure_years') AS tenure_years_slopes
    FROM segmentation_curve
    WHERE model_version_id = %(model_version)s
    GROUP BY kind
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
           segmentation_points(unit.contribution_12m, contribution_12m_xs, contribution_12m_starts, contribution_12m_slopes)
               AS contribution_12m,
           segmentation_points(unit.contribution_3m_x4, contribution_3m_x4_xs, contribution_3m_x4_starts, contribution_3m_x4_slopes)
               AS contribution_3m_x4,
           segmentation_points(unit.assets_avg_3m, assets_avg_3m_xs, assets_avg_3m_starts, assets_avg_3m_slopes)
               AS assets_avg_3m,
           segmentation_points(unit.net_inflow_ratio, net_inflow_ratio_xs, net_inflow_ratio_starts, net_inflow_ratio_slopes)
               AS net_inflow_ratio,
           segmentation_points(unit.declared_outside_assets, declared_outside_assets_xs, declared_outside_assets_starts, declared_outside_assets_slopes)
               AS outside_assets,
           segmentation_points(unit.recency_days, recency_days_xs, recency_days_starts, recency_days_slopes)
               AS recency_days,
           segmentation_points(unit.active_months_12m, active_months_12m_xs, active_months_12m_starts, active_months_12m_slopes)
               AS active_months,
           segmentation_points(unit.turnover_12m, turnover_12m_xs, turnover_12m_starts, turnover_12m_slopes)
               AS turnover_12m,
           segmentation_points(unit.product_families, product_families_xs, product_families_starts, product_families_slopes)
               AS product_families,
           segmentation_points(unit.tenure_years, tenure_years_xs, tenure_years_starts, tenure_years_slopes)
               AS tenure_years
    FROM unit
    LEFT JOIN curve ON curve.kind = unit.kind
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
            WHEN current >= %(matrix_current)s::float8 - 5e-10 THEN
                CASE WHEN potential >= %(matrix_potential)s::float8 - 5e-10 THEN 'core' ELSE 'maintain' END
            WHEN potential >= %(matrix_potential)s::float8 - 5e-10 THEN 'grow' ELSE 'watch' END,
       CASE WHEN active_months_12m >= %(client_active_months)s
              OR (product_families >= %(client_families)s AND tenure_years >= %(client_tenure)s) THEN 'client'
            WHEN active_months_12m >= %(repeat_active_months)s OR product_families >= %(repeat_families)s
                THEN 'repeat'
            WHEN last_trade_on IS NOT NULL THEN 'first' ELSE 'prospect' END
FROM segmentation_rawstage AS raw
LEFT JOIN scored ON scored.client_id = raw.client_id
