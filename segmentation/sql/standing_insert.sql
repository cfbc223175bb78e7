-- A row: where a held client stands that had no standing yet.
-- Reads: segmentation_clientscore, clients_clientstanding by their primary keys' client range; segmentation_advocates
-- (conversation_recommend, survey_client, relation_other, cases by client).
INSERT INTO clients_clientstanding
    (client_id, branch_id, manager_no, held, tier, tier_since, score, stage, matrix, flags, assets,
     contribution_12m, last_trade_on, as_of)
SELECT fresh.client_id, branch_id, manager_no, true, tier, tier_since, score,
       CASE WHEN stage = 'client' AND advocate.client_id IS NOT NULL THEN 'advocate' ELSE stage END, matrix, flags,
       coalesce(assets_end, 0), contribution_12m, last_trade_on, as_of
FROM segmentation_clientscore AS fresh
LEFT JOIN segmentation_advocates(%(lo)s, %(hi)s, %(as_of)s, %(advocate_months)s, %(advocate_nps)s)
       AS advocate ON advocate.client_id = fresh.client_id
WHERE fresh.client_id BETWEEN %(lo)s AND %(hi)s
  AND NOT EXISTS (
      SELECT 1 FROM clients_clientstanding AS old
      WHERE old.client_id = fresh.client_id AND old.client_id BETWEEN %(lo)s AND %(hi)s)
