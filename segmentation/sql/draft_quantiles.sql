-- A row: the 101 nearest-rank quantiles of an indicator among the clients of a kind scored on a date, as an array
-- (S5); nulls are left out, and of indicators in positive_names everything not positive (S6).
-- Reads: segmentation_clientscore of the night, else segmentation_scoreclose (score_close_branch_tier).
WITH scored AS (
    SELECT kind, contribution_12m, contribution_3m_x4, assets_avg_3m, net_inflow_ratio, declared_outside_assets,
           recency_days, active_months_12m, turnover_12m, product_families, tenure_years
    FROM segmentation_scoreclose WHERE as_of = %(as_of)s AND mature AND NOT %(is_night)s
    UNION ALL
    SELECT kind, contribution_12m, contribution_3m_x4, assets_avg_3m, net_inflow_ratio, declared_outside_assets,
           recency_days, active_months_12m, turnover_12m, product_families, tenure_years
    FROM segmentation_clientscore WHERE as_of = %(as_of)s AND mature AND %(is_night)s
), told AS MATERIALIZED (
    SELECT kind, indicator, value,
           row_number() OVER (PARTITION BY kind, indicator ORDER BY value) AS place
    FROM scored
    CROSS JOIN LATERAL (VALUES
        ('contribution_12m', contribution_12m), ('contribution_3m_x4', contribution_3m_x4),
        ('assets_avg_3m', assets_avg_3m), ('net_inflow_ratio', net_inflow_ratio),
        ('declared_outside_assets', declared_outside_assets), ('recency_days', recency_days),
        ('active_months_12m', active_months_12m), ('turnover_12m', turnover_12m),
        ('product_families', product_families), ('tenure_years', tenure_years)
    ) AS raw (indicator, value)
    WHERE kind = ANY (%(kinds)s::text[]) AND value IS NOT NULL
      AND (value > 0 OR indicator <> ALL (%(positive_names)s::text[]))
), wanted AS (
    SELECT kind, indicator, p, greatest(1, (p * known + 99) / 100) AS place
    FROM (SELECT kind, indicator, count(*) AS known FROM told GROUP BY kind, indicator) AS counted
    CROSS JOIN generate_series(0, 100) AS p
)
SELECT told.kind, told.indicator, array_agg(told.value ORDER BY wanted.p) AS quantiles
FROM wanted
JOIN told ON told.kind = wanted.kind AND told.indicator = wanted.indicator AND told.place = wanted.place
GROUP BY told.kind, told.indicator
