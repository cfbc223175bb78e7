-- One row: a custody event of the day's package.
SELECT e.event_no, c.client_no, e.kind, e.value, e.residual_assets
FROM trading_custodyevent e
JOIN clients_client c ON c.id = e.client_id
WHERE e.feed_day = %(day)s
ORDER BY e.event_no
