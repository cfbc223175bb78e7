-- One mark: a client and month whose custody events a correction of the feed day changes, adds or takes away (F12).
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT place.client_id, date_trunc('month', place.happened_on)::date, %(feed_day)s::date, false
FROM (
    SELECT c.id AS client_id, %(feed_day)s::date AS happened_on, s.event_no, s.residual_assets
    FROM trading_stage_custody s
    JOIN clients_client c ON c.client_no = s.client_no
) n
FULL JOIN (
    SELECT client_id, feed_day AS happened_on, event_no, residual_assets
    FROM trading_custodyevent
    WHERE feed_day = %(feed_day)s
) o ON o.event_no = n.event_no
CROSS JOIN LATERAL (
    VALUES (n.client_id, n.happened_on), (o.client_id, o.happened_on)
) AS place (client_id, happened_on)
WHERE (n.client_id, n.happened_on, n.residual_assets) IS DISTINCT FROM (o.client_id, o.happened_on, o.residual_assets)
  AND place.client_id IS NOT NULL
