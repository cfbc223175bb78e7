-- One row: a custody event as its package told it; counts is settled afterwards where the key came before (F11).
INSERT INTO trading_custodyevent (client_id, feed_day, event_no, counts, kind, value, residual_assets)
SELECT c.id, %(feed_day)s, s.event_no, true, s.kind, s.value, s.residual_assets
FROM trading_stage_custody s
JOIN clients_client c ON c.client_no = s.client_no
ORDER BY 1
