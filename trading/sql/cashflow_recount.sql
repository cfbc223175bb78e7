-- Settles which row of a key counts: that of the earliest feed day (F11). Gives back the rows that changed.
-- Looks at staged keys, and at keys with a row that does not count, for the one before it may be gone; the unique
-- constraint on (flow_no, feed_day) and the partial index of rows that don't count serve.
UPDATE trading_cashflow e
SET counts = NOT e.counts
FROM (
    SELECT flow_no FROM trading_stage_cashflow
    UNION
    SELECT flow_no FROM trading_cashflow WHERE NOT counts
) looked_at
WHERE e.flow_no = looked_at.flow_no
  AND e.counts = EXISTS (SELECT 1 FROM trading_cashflow o WHERE o.flow_no = e.flow_no AND o.feed_day < e.feed_day)
RETURNING e.client_id, e.occurred_on AS happened_on, e.feed_day
