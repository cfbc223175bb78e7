-- Settles which row of a key counts: that of the earliest feed day (F11).
-- Looks at staged keys and at keys with a row that does not count (its counting row may be gone);
-- the unique constraint on (flow_no, feed_day) serves. Gives back the rows that changed.
UPDATE trading_cashflow e
SET counts = settled.counts
FROM (
    SELECT o.client_id, o.flow_no, o.feed_day,
           o.feed_day = min(o.feed_day) OVER (PARTITION BY o.flow_no) AS counts
    FROM trading_cashflow o
    WHERE o.flow_no IN (
        SELECT flow_no FROM trading_stage_cashflow
        UNION ALL
        SELECT flow_no FROM trading_cashflow WHERE NOT counts
    )
) settled
WHERE e.flow_no = settled.flow_no AND e.feed_day = settled.feed_day AND e.client_id = settled.client_id
  AND e.counts <> settled.counts
RETURNING e.client_id, e.occurred_on AS happened_on, e.feed_day
