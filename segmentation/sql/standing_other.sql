-- A row: where a client stands that is not held: not yet effective, lost or excluded; no tier, no score (S1), the
-- stage by what it did (S11). Written only where something but the date differs.
-- Reads: trading_recordspan, segmentation_clientscore by their primary keys' client range; segmentation_contribution
-- and segmentation_lifecycleevent by client; segmentation_advocates (conversation_recommend, survey_client, relation_other, cases by
-- client); conflicts by the row's primary key.
INSERT INTO clients_clientstanding AS old
    (client_id, branch_id, manager_no, held, tier, tier_since, score, stage, matrix, flags, assets,
     contribution_12m, last_trade_on, as_of)
SELECT record.client_id, record.branch_id, record.manager_no, false, '', NULL, NULL,
       CASE WHEN last.event = 'LOST' THEN 'lapsed'
            WHEN past.active_months >= %(client_active_months)s
              OR (past.families >= %(client_families)s
                  AND (%(as_of)s::date - record.opened_on) / 365.25 >= %(client_tenure)s)
                THEN CASE WHEN advocate.client_id IS NOT NULL THEN 'advocate' ELSE 'client' END
            WHEN past.active_months >= %(repeat_active_months)s OR past.families >= %(repeat_families)s
                THEN 'repeat'
            WHEN past.last_trade_on IS NOT NULL THEN 'first' ELSE 'prospect' END,
       '', '{}', coalesce(past.assets_end, 0), coalesce(past.contribution_12m, 0), past.last_trade_on, %(as_of)s
FROM trading_recordspan AS record
LEFT JOIN LATERAL (
    SELECT event FROM segmentation_lifecycleevent AS happened
    WHERE happened.client_id = record.client_id AND happened.on_date <= %(as_of)s
    ORDER BY happened.on_date DESC, happened.event IN ('LOST', 'EXCLUDED') DESC LIMIT 1
) AS last ON true
LEFT JOIN LATERAL (
    SELECT round(sum(contribution * CASE WHEN month = %(leaving_12m)s
                     THEN %(days_left)s / %(month_days)s::numeric ELSE 1 END)
                 FILTER (WHERE month >= %(leaving_12m)s), 4) AS contribution_12m,
           count(DISTINCT month) FILTER (WHERE trades > 0 AND month > %(leaving_12m)s) AS active_months,
           max(product_families) FILTER (WHERE month = %(month)s) AS families,
           max(last_trade_on) AS last_trade_on,
           (array_agg(assets_end ORDER BY month DESC, (branch_id, manager_no)
                = (record.branch_id, record.manager_no) DESC) FILTER (WHERE assets_end IS NOT NULL))[1] AS assets_end
    FROM segmentation_contribution AS fact
    WHERE fact.client_id = record.client_id AND fact.month <= %(month)s
) AS past ON true
LEFT JOIN segmentation_advocates(%(lo)s, %(hi)s, %(as_of)s, %(advocate_months)s, %(advocate_nps)s)
       AS advocate ON advocate.client_id = record.client_id
WHERE record.client_id BETWEEN %(lo)s AND %(hi)s
  AND record.from_date <= %(as_of)s AND record.to_date > %(as_of)s
  AND NOT EXISTS (SELECT 1 FROM segmentation_clientscore AS held WHERE held.client_id = record.client_id)
ON CONFLICT (client_id) DO UPDATE
SET branch_id = excluded.branch_id, manager_no = excluded.manager_no, held = false, tier = '', tier_since = NULL,
    score = NULL, stage = excluded.stage, matrix = '', flags = '{}', assets = excluded.assets,
    contribution_12m = excluded.contribution_12m, last_trade_on = excluded.last_trade_on, as_of = excluded.as_of
WHERE (old.branch_id, old.manager_no, old.held, old.tier, old.tier_since, old.score, old.stage, old.matrix,
       old.flags, old.assets, old.contribution_12m, old.last_trade_on)
    IS DISTINCT FROM
      (excluded.branch_id, excluded.manager_no, false, '', NULL::date, NULL::numeric, excluded.stage, '',
       '{}'::varchar[], excluded.assets, excluded.contribution_12m, excluded.last_trade_on)
