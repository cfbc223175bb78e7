-- A row: where a held client stands that had no standing yet.
-- Reads: segmentation_clientscore, clients_clientstanding by their primary keys' client range.
INSERT INTO clients_clientstanding
    (client_id, branch_id, manager_no, held, tier, tier_since, score, stage, matrix, flags, assets,
     contribution_12m, last_trade_on, as_of)
SELECT client_id, branch_id, manager_no, true, tier, tier_since, score, stage, matrix, flags,
       coalesce(assets_end, 0), contribution_12m, last_trade_on, as_of
FROM segmentation_clientscore AS fresh
WHERE client_id BETWEEN %(lo)s AND %(hi)s
  AND NOT EXISTS (
      SELECT 1 FROM clients_clientstanding AS old
      WHERE old.client_id = fresh.client_id AND old.client_id BETWEEN %(lo)s AND %(hi)s)
