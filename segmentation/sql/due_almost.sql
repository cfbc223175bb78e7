-- A row: a scored client whose score lies at most `near_points` below what lifts it to the next tier (cut and
-- margin); why: what is asked for in the axis that lacks the most points by its weight. Once a quarter.
-- Reads: segmentation_clientscore by client range, clients_client by primary key.
INSERT INTO outreach_duestage (client_id, list, occasion, why, facts, since, due_on)
SELECT s.client_id, 'almost_upgraded', %(quarter_text)s,
       CASE WHEN lacks.now >= lacks.later AND lacks.now >= lacks.stays THEN 'trade_more'
            WHEN lacks.later >= lacks.stays
                THEN CASE WHEN s.declared_outside_assets IS NULL THEN 'ask_outside' ELSE 'bring_assets' END
            WHEN s.product_families < %(family_cap)s::int THEN 'one_more_family' ELSE 'stay_active' END,
       jsonb_build_object('score', s.score, 'tier', ladder.next_tier, 'points', ladder.cut + %(up_margin)s - s.score),
       %(as_of)s::date - 1, %(as_of)s::date + %(almost_days)s::int
FROM segmentation_clientscore AS s
JOIN unnest(%(lower_codes)s::text[], %(upper_codes)s::text[], %(cuts)s::numeric[]) AS ladder (tier, next_tier, cut)
  ON ladder.tier = s.tier
CROSS JOIN LATERAL (
    SELECT %(w_current)s::numeric * (100 - coalesce(s.current, 100)::numeric) AS now,
           %(w_potential)s::numeric * (100 - coalesce(s.potential, 100)::numeric) AS later,
           %(w_loyalty)s::numeric * (100 - coalesce(s.loyalty, 100)::numeric) AS stays
) AS lacks
WHERE s.client_id BETWEEN %(lo)s AND %(hi)s AND s.score IS NOT NULL
  AND ladder.cut + %(up_margin)s - s.score > 0 AND ladder.cut + %(up_margin)s - s.score <= %(near_points)s
  AND NOT EXISTS (SELECT 1 FROM clients_client m WHERE m.id = s.client_id AND m.merged_into_id IS NOT NULL)
