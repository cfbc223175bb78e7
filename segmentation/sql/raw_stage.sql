-- A row: the raw values of a client held on the as-of date, rounded as they are scored (S1, S4, S7, S13); staged.
-- The sums of earlier months are those kept for the month's nights, or staged ones.
-- Reads: segmentation_window or segmentation_windowstage, segmentation_lifecycleevent, trading_recordspan,
-- trading_clientmonth, interactions_servicemonth by their primary keys' client range, clients_client; the year's complaints by
-- complaint_received with their last decision as of the date (complaint_decision_day).
INSERT INTO segmentation_rawstage
    (client_id, branch_id, manager_no, kind, mature, contribution_12m, contribution_3m_x4, assets_avg_3m,
     net_inflow_ratio, declared_outside_assets, recency_days, active_months_12m, turnover_12m, product_families,
     tenure_years, complaints_12m, last_trade_on, assets_end, assets_month, assets_month_peak, assets_fell)
WITH held AS (
    SELECT client_id, min(on_date) AS effective_on, bool_or(reason = 'OPENING') AS is_opening
    FROM segmentation_lifecycleevent
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND on_date <= %(as_of)s
      AND (%(everyone)s OR client_id = ANY (%(client_ids)s::bigint[]))
    GROUP BY client_id
    HAVING max(on_date) FILTER (WHERE event IN ('EFFECTIVE', 'REACTIVATED'))
        > coalesce(max(on_date) FILTER (WHERE event IN ('LOST', 'EXCLUDED')), '-infinity')
), record AS MATERIALIZED (
    SELECT span.client_id, span.branch_id, span.manager_no, span.kind, span.opened_on, held.effective_on,
           held.is_opening
    FROM held
    JOIN trading_recordspan AS span
      ON span.client_id = held.client_id
     AND span.from_date <= %(as_of)s AND span.to_date > %(as_of)s
    WHERE span.client_id BETWEEN %(lo)s AND %(hi)s
), month AS MATERIALIZED (
    SELECT client_id, branch_id, manager_no,
           net_commission + margin_interest + cash_spread + product_fee + other_income AS income,
           inflow - outflow AS net_inflow, turnover, assets_sum, trading_days, trades, last_trade_on,
           product_families, assets_end
    FROM trading_clientmonth
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month = %(month)s
      AND (%(everyone)s OR client_id = ANY (%(client_ids)s::bigint[]))
), moved AS MATERIALIZED (
    -- the few who were with another branch or manager of record this month, too
    SELECT DISTINCT record.client_id
    FROM record
    JOIN month ON month.client_id = record.client_id
    WHERE (month.branch_id, month.manager_no) IS DISTINCT FROM (record.branch_id, record.manager_no)
), fact AS (
    -- the month with every branch and manager of record, and the assets with those of the as-of date
    SELECT client_id, income, net_inflow, turnover, assets_sum, trading_days, trades, last_trade_on,
           product_families, assets_end AS assets_here
    FROM month
    WHERE client_id NOT IN (SELECT client_id FROM moved)
    UNION ALL
    SELECT record.client_id, sum(income), sum(net_inflow), sum(turnover), sum(assets_sum), sum(trading_days),
           sum(trades), max(last_trade_on), max(product_families),
           max(assets_end) FILTER (WHERE month.branch_id = record.branch_id
                                     AND month.manager_no = record.manager_no)
    FROM record
    JOIN month ON month.client_id = record.client_id
    WHERE record.client_id IN (SELECT client_id FROM moved)
    GROUP BY record.client_id
), past AS (
    SELECT client_id, income_12m, income_leaving_12m, income_3m, income_leaving_3m, net_inflow, net_inflow_leaving,
           turnover, turnover_leaving, assets_sum_12m, trading_days_12m, assets_sum_3m, trading_days_3m,
           active_months, assets_peak, last_trade_on
    FROM segmentation_window
    WHERE %(windows_kept)s AND client_id BETWEEN %(lo)s AND %(hi)s
    UNION ALL
    SELECT client_id, income_12m, income_leaving_12m, income_3m, income_leaving_3m, net_inflow, net_inflow_leaving,
           turnover, turnover_leaving, assets_sum_12m, trading_days_12m, assets_sum_3m, trading_days_3m,
           active_months, assets_peak, last_trade_on
    FROM segmentation_windowstage
    WHERE NOT %(windows_kept)s
), cost AS (
    SELECT client_id, sum(cost) AS cost FROM interactions_servicemonth
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month = %(month)s AND cost <> 0
      AND (%(everyone)s OR client_id = ANY (%(client_ids)s::bigint[]))
    GROUP BY client_id
), complaint AS (
    SELECT complained.client_id, count(*) AS substantiated
    FROM (
        SELECT DISTINCT ON (told.case_id) opened.client_id, decision.outcome
        FROM cases_complaint AS told
        JOIN cases_case AS opened ON opened.id = told.case_id
        JOIN cases_complaintdecision AS decision
          ON decision.complaint_id = told.case_id AND decision.decided_on <= %(as_of)s
        WHERE told.received_on <= %(as_of)s AND told.received_on > %(as_of)s::date - interval '12 months'
          AND opened.client_id BETWEEN %(lo)s AND %(hi)s
        ORDER BY told.case_id, decision.id DESC
    ) AS complained
    WHERE complained.outcome IN ('yes', 'partly')
    GROUP BY complained.client_id
), joined AS (
    SELECT record.client_id, record.branch_id, record.manager_no, record.kind, record.opened_on,
           CASE WHEN is_opening THEN effective_on + make_interval(months => %(new_months)s)
                ELSE date_trunc('month', effective_on) + make_interval(months => 1 + %(new_months)s)
                     - interval '1 day' END <= %(as_of)s AS mature,
           coalesce(past.income_12m, 0) + coalesce(fact.income, 0) - coalesce(cost.cost, 0) AS income_12m,
           coalesce(past.income_3m, 0) + coalesce(fact.income, 0) - coalesce(cost.cost, 0) AS income_3m,
           coalesce(past.net_inflow, 0) + coalesce(fact.net_inflow, 0) AS net_inflow,
           coalesce(past.turnover, 0) + coalesce(fact.turnover, 0) AS turnover,
           coalesce(past.income_leaving_12m, 0) AS income_leaving_12m,
           coalesce(past.income_leaving_3m, 0) AS income_leaving_3m,
           coalesce(past.net_inflow_leaving, 0) AS net_inflow_leaving,
           coalesce(past.turnover_leaving, 0) AS turnover_leaving,
           coalesce(past.assets_sum_12m, 0) + coalesce(fact.assets_sum, 0) AS assets_sum_12m,
           coalesce(past.trading_days_12m, 0) + coalesce(fact.trading_days, 0) AS trading_days_12m,
           coalesce(past.assets_sum_3m, 0) + coalesce(fact.assets_sum, 0) AS assets_sum_3m,
           nullif(coalesce(past.trading_days_3m, 0) + coalesce(fact.trading_days, 0), 0) AS trading_days_3m,
           coalesce(past.active_months, 0) + (coalesce(fact.trades, 0) > 0)::int AS active_months,
           round(fact.assets_sum / nullif(fact.trading_days, 0), 12) AS assets_month,
           past.assets_peak AS earlier_peak,
           coalesce(fact.product_families, 0) AS product_families,
           coalesce(fact.last_trade_on, past.last_trade_on) AS recent_trade_on, fact.assets_here
    FROM record
    LEFT JOIN past ON past.client_id = record.client_id
    LEFT JOIN fact ON fact.client_id = record.client_id
    LEFT JOIN cost ON cost.client_id = record.client_id
    OFFSET 0
), dated AS (
    SELECT joined.*,
           coalesce(recent_trade_on, (
               SELECT max(early.last_trade_on) FROM trading_clientmonth AS early
               WHERE early.client_id = joined.client_id AND early.month < %(leaving_12m)s)) AS last_trade_on
    FROM joined
)
SELECT dated.client_id, dated.branch_id, dated.manager_no, dated.kind, mature,
       round((income_12m * %(month_days)s + income_leaving_12m * %(days_left)s) / %(month_days)s, 4),
       round(4 * (income_3m * %(month_days)s + income_leaving_3m * %(days_left)s) / %(month_days)s, 4),
       round(assets_sum_3m / trading_days_3m, 4),
       CASE WHEN assets_sum_12m > 0 AND trading_days_12m > 0 THEN
           round((net_inflow * %(month_days)s + net_inflow_leaving * %(days_left)s) * trading_days_12m
                 / (assets_sum_12m * %(month_days)s), 6) END,
       client.declared_outside_assets,
       %(as_of)s::date - coalesce(last_trade_on, dated.opened_on),
       active_months,
       round((turnover * %(month_days)s + turnover_leaving * %(days_left)s) / %(month_days)s, 4),
       least(product_families, %(family_cap)s),
       round(least((%(as_of)s::date - dated.opened_on) / 365.25, %(tenure_cap)s), 6),
       coalesce(complaint.substantiated, 0),
       last_trade_on,
       coalesce(assets_here, (
           SELECT early.assets_end
           FROM trading_clientmonth AS early
           JOIN trading_recordspan AS span
             ON span.client_id = early.client_id AND span.branch_id = early.branch_id
            AND span.manager_no = early.manager_no AND span.from_date <= %(as_of)s
            AND span.from_date < early.month + interval '1 month' AND span.to_date > early.month
           WHERE early.client_id = dated.client_id AND early.month <= %(month)s AND early.assets_end IS NOT NULL
           ORDER BY early.month DESC, span.from_date DESC LIMIT 1)),
       round(assets_month, 4),
       round(greatest(assets_month, earlier_peak), 4),
       coalesce(assets_month < %(assets_share)s * greatest(assets_month, earlier_peak) - 0.000000001, false)
FROM dated
LEFT JOIN complaint ON complaint.client_id = dated.client_id
JOIN clients_client AS client ON client.id = dated.client_id AND client.id BETWEEN %(lo)s AND %(hi)s
