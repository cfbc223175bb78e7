-- A row: where a held client stands as of the night; changed only where something but the date differs. Who recommends
-- us and has no open complaint is an advocate (S11).
-- Reads: segmentation_clientscore by its primary key's client range; segmentation_advocates (conversation_recommend, survey_client,
-- relation_other, cases by client); serves itself by the row's primary key.
UPDATE clients_clientstanding AS old
SET branch_id = fresh.branch_id, manager_no = fresh.manager_no, held = true, tier = fresh.tier,
    tier_since = fresh.tier_since, score = fresh.score, stage = fresh.stage, matrix = fresh.matrix,
    flags = fresh.flags, assets = coalesce(fresh.assets_end, 0), contribution_12m = fresh.contribution_12m,
    last_trade_on = fresh.last_trade_on, as_of = fresh.as_of
FROM (
    SELECT score.client_id, branch_id, manager_no, tier, tier_since, score, matrix, flags, assets_end,
           contribution_12m, last_trade_on, as_of,
           CASE WHEN stage = 'client' AND advocate.client_id IS NOT NULL THEN 'advocate' ELSE stage END AS stage
    FROM segmentation_clientscore AS score
    LEFT JOIN segmentation_advocates(%(lo)s, %(hi)s, %(as_of)s, %(advocate_months)s, %(advocate_nps)s)
           AS advocate ON advocate.client_id = score.client_id
    WHERE score.client_id BETWEEN %(lo)s AND %(hi)s
) AS fresh
WHERE old.client_id = fresh.client_id AND old.client_id BETWEEN %(lo)s AND %(hi)s
  AND (old.branch_id, old.manager_no, old.held, old.tier, old.tier_since, old.score, old.stage, old.matrix,
       old.flags, old.assets, old.contribution_12m, old.last_trade_on)
      IS DISTINCT FROM
      (fresh.branch_id, fresh.manager_no, true, fresh.tier, fresh.tier_since, fresh.score, fresh.stage,
       fresh.matrix, fresh.flags, coalesce(fresh.assets_end, 0), fresh.contribution_12m, fresh.last_trade_on)
