-- A row: a held client with the flag at_risk or dormant_asset (S10), once a quarter while the flag stands.
-- Reads: segmentation_clientscore by client range, clients_client by primary key.
INSERT INTO outreach_duestage (client_id, list, occasion, why, facts, since, due_on)
SELECT s.client_id, flag.name, %(quarter_text)s,
       CASE WHEN flag.name = 'dormant_asset' THEN 'dormant' WHEN s.assets_fell THEN 'assets_fell' ELSE 'earns_less' END,
       CASE WHEN flag.name = 'dormant_asset' THEN jsonb_build_object('assets', s.assets_end)
            WHEN s.assets_fell THEN jsonb_build_object('now', s.assets_month, 'before', s.assets_month_peak)
            ELSE jsonb_build_object('now', s.contribution_3m_x4, 'before', s.contribution_12m) END,
       %(as_of)s::date - 1,
       %(as_of)s::date + CASE WHEN flag.name = 'dormant_asset' THEN %(dormant_days)s::int ELSE %(risk_days)s::int END
FROM segmentation_clientscore AS s
CROSS JOIN LATERAL unnest(s.flags) AS flag (name)
WHERE s.client_id BETWEEN %(lo)s AND %(hi)s AND flag.name IN ('at_risk', 'dormant_asset')
  AND NOT EXISTS (SELECT 1 FROM clients_client m WHERE m.id = s.client_id AND m.merged_into_id IS NOT NULL)
