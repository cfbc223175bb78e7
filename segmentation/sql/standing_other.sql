-- A row: where a client stands that is not held: not yet effective, lost or excluded; no tier, no score (S1), the
-- stage by what it did (S11). The earlier months come as the scores of this run kept their sums. Written only where
-- something but the date differs.
-- Reads: trading_recordspan, segmentation_clientscore, segmentation_window, trading_clientmonth,
-- interactions_servicemonth by their primary keys' client range; segmentation_lifecycleevent, and months before the
-- kept ones, by client; segmentation_advocates (conversation_recommend, survey_client, relation_other, cases by
-- client); conflicts by the row's primary key.
INSERT INTO clients_clientstanding AS old
    (client_id, branch_id, manager_no, held, tier, tier_since, score, stage, matrix, flags, assets,
     contribution_12m, last_trade_on, as_of)
WITH other AS (
    SELECT record.client_id, record.branch_id, record.manager_no, record.opened_on
    FROM trading_recordspan AS record
    LEFT JOIN segmentation_clientscore AS held
      ON held.client_id = record.client_id AND held.client_id BETWEEN %(lo)s AND %(hi)s
    WHERE record.client_id BETWEEN %(lo)s AND %(hi)s
      AND record.from_date <= %(as_of)s AND record.to_date > %(as_of)s AND held.client_id IS NULL
), fact AS (
    SELECT other.client_id, sum(month.net_commission + month.margin_interest + month.cash_spread + month.product_fee
                                + month.other_income) AS income,
           bool_or(month.trades > 0) AS is_active, max(month.last_trade_on) AS last_trade_on,
           max(month.product_families) AS families,
           max(month.assets_end) FILTER (WHERE (month.branch_id, month.manager_no)
                                             = (other.branch_id, other.manager_no)) AS assets_here
    FROM other
    JOIN trading_clientmonth AS month ON month.client_id = other.client_id
    WHERE month.client_id BETWEEN %(lo)s AND %(hi)s AND month.month = %(month)s
    GROUP BY other.client_id
), cost AS (
    SELECT client_id, sum(cost) AS cost FROM interactions_servicemonth
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month = %(month)s AND cost <> 0
    GROUP BY client_id
), past AS (
    SELECT other.*, assets_here, coalesce(fact.families, 0) AS families,
           round(kept.income_12m + coalesce(fact.income, 0) - coalesce(cost.cost, 0)
                 + kept.income_leaving_12m * %(days_left)s / %(month_days)s, 4) AS contribution_12m,
           kept.active_months + coalesce(fact.is_active, false)::int AS active_months,
           coalesce(fact.last_trade_on, kept.last_trade_on, (
               SELECT max(early.last_trade_on) FROM trading_clientmonth AS early
               WHERE early.client_id = other.client_id AND early.month < %(leaving_12m)s)) AS last_trade_on
    FROM other
    JOIN segmentation_window AS kept
      ON kept.client_id = other.client_id AND kept.month = %(month)s AND kept.client_id BETWEEN %(lo)s AND %(hi)s
    LEFT JOIN fact ON fact.client_id = other.client_id
    LEFT JOIN cost ON cost.client_id = other.client_id
    OFFSET 0
)
SELECT past.client_id, past.branch_id, past.manager_no, false, '', NULL, NULL,
       CASE WHEN last.event = 'LOST' THEN 'lapsed'
            WHEN past.active_months >= %(client_active_months)s
              OR (past.families >= %(client_families)s
                  AND (%(as_of)s::date - past.opened_on) / 365.25 >= %(client_tenure)s)
                THEN CASE WHEN advocate.client_id IS NOT NULL THEN 'advocate' ELSE 'client' END
            WHEN past.active_months >= %(repeat_active_months)s OR past.families >= %(repeat_families)s
                THEN 'repeat'
            WHEN past.last_trade_on IS NOT NULL THEN 'first' ELSE 'prospect' END,
       '', '{}',
       coalesce(past.assets_here, (
           SELECT early.assets_end FROM trading_clientmonth AS early
           WHERE early.client_id = past.client_id AND early.month <= %(month)s AND early.assets_end IS NOT NULL
           ORDER BY early.month DESC, (early.branch_id, early.manager_no) = (past.branch_id, past.manager_no) DESC
           LIMIT 1), 0),
       past.contribution_12m, past.last_trade_on, %(as_of)s
FROM past
LEFT JOIN (
    SELECT DISTINCT ON (client_id) client_id, event FROM segmentation_lifecycleevent
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND on_date <= %(as_of)s
    ORDER BY client_id, on_date DESC, event IN ('LOST', 'EXCLUDED') DESC
) AS last ON last.client_id = past.client_id
LEFT JOIN segmentation_advocates(%(lo)s, %(hi)s, %(as_of)s, %(advocate_months)s, %(advocate_nps)s)
       AS advocate ON advocate.client_id = past.client_id
ON CONFLICT (client_id) DO UPDATE
SET branch_id = excluded.branch_id, manager_no = excluded.manager_no, held = false, tier = '', tier_since = NULL,
    score = NULL, stage = excluded.stage, matrix = '', flags = '{}', assets = excluded.assets,
    contribution_12m = excluded.contribution_12m, last_trade_on = excluded.last_trade_on, as_of = excluded.as_of
WHERE (old.branch_id, old.manager_no, old.held, old.tier, old.tier_since, old.score, old.stage, old.matrix,
       old.flags, old.assets, old.contribution_12m, old.last_trade_on)
    IS DISTINCT FROM
      (excluded.branch_id, excluded.manager_no, false, '', NULL::date, NULL::numeric, excluded.stage, '',
       '{}'::varchar[], excluded.assets, excluded.contribution_12m, excluded.last_trade_on)
