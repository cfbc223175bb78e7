-- Settles which row of a key counts: that of the earliest feed day (F11).
-- Looks at staged keys and at keys with a row that does not count (its counting row may be gone);
-- the unique constraint on (event_no, feed_day) serves. Gives back the rows that changed.
UPDATE trading_custodyevent e
SET counts = settled.counts
FROM (
    SELECT o.client_id, o.event_no, o.feed_day,
           o.feed_day = min(o.feed_day) OVER (PARTITION BY o.event_no) AS counts
    FROM trading_custodyevent o
    WHERE o.event_no IN (
        SELECT event_no FROM trading_stage_custody
        UNION ALL
        SELECT event_no FROM trading_custodyevent WHERE NOT counts
    )
) settled
WHERE e.event_no = settled.event_no AND e.feed_day = settled.feed_day AND e.client_id = settled.client_id
  AND e.counts <> settled.counts
RETURNING e.client_id, e.feed_day AS happened_on, e.feed_day
