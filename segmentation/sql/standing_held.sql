-- A row: where a held client stands as of the night; written only where something but the date differs.
-- Reads: segmentation_clientscore by the client range of its primary key; conflicts by the row's primary key.
INSERT INTO clients_clientstanding AS old
    (client_id, branch_id, manager_no, held, tier, tier_since, score, stage, matrix, flags, assets,
     contribution_12m, last_trade_on, as_of)
SELECT client_id, branch_id, manager_no, true, tier, tier_since, score, stage, matrix, flags,
       coalesce(assets_end, 0), coalesce(contribution_12m, 0), last_trade_on, as_of
FROM segmentation_clientscore
WHERE client_id BETWEEN %(lo)s AND %(hi)s
ON CONFLICT (client_id) DO UPDATE
SET branch_id = excluded.branch_id, manager_no = excluded.manager_no, held = true, tier = excluded.tier,
    tier_since = excluded.tier_since, score = excluded.score, stage = excluded.stage, matrix = excluded.matrix,
    flags = excluded.flags, assets = excluded.assets, contribution_12m = excluded.contribution_12m,
    last_trade_on = excluded.last_trade_on, as_of = excluded.as_of
WHERE (old.branch_id, old.manager_no, old.held, old.tier, old.tier_since, old.score, old.stage, old.matrix,
       old.flags, old.assets, old.contribution_12m, old.last_trade_on)
    IS DISTINCT FROM
      (excluded.branch_id, excluded.manager_no, true, excluded.tier, excluded.tier_since, excluded.score,
       excluded.stage, excluded.matrix, excluded.flags, excluded.assets, excluded.contribution_12m,
       excluded.last_trade_on)
