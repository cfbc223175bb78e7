-- Settles which row of a key counts: that of the earliest feed day (F11). Gives back the rows that changed.
-- Looks at staged keys, and at keys with a row that does not count, for the one before it may be gone; the unique
-- constraint on (income_no, feed_day) and the partial index of rows that don't count serve.
UPDATE trading_income e
SET counts = NOT e.counts
FROM (
    SELECT income_no FROM trading_stage_income
    UNION
    SELECT income_no FROM trading_income WHERE NOT counts
) looked_at
WHERE e.income_no = looked_at.income_no
  AND e.counts = EXISTS (SELECT 1 FROM trading_income o WHERE o.income_no = e.income_no AND o.feed_day < e.feed_day)
RETURNING e.client_id, e.feed_day AS happened_on, e.feed_day
