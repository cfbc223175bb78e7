-- Settles which row of a key counts: that of the earliest feed day (F11). Gives back the rows that changed.
-- Looks at staged keys, and at keys with a row that does not count, for the one before it may be gone; the unique
-- constraint on (event_no, feed_day) and the partial index of rows that don't count serve.
UPDATE trading_custodyevent e
SET counts = NOT e.counts
FROM (
    SELECT event_no FROM trading_stage_custody
    UNION
    SELECT event_no FROM trading_custodyevent WHERE NOT counts
) looked_at
WHERE e.event_no = looked_at.event_no
  AND e.counts = EXISTS (SELECT 1 FROM trading_custodyevent o WHERE o.event_no = e.event_no AND o.feed_day < e.feed_day)
RETURNING e.client_id, e.feed_day AS happened_on, e.feed_day
