-- Deletes the rows of the recomputed window that the fresh ones no longer have.
-- Reads: the stage and trading_dirtyclient; serves itself by interactions_servicemonth's primary key.
DELETE FROM interactions_servicemonth AS old
WHERE old.client_id BETWEEN %(lo)s AND %(hi)s
  AND (old.month >= %(all_from)s
       OR EXISTS (SELECT 1 FROM trading_dirtyclient AS dirty
                  WHERE dirty.client_id = old.client_id AND dirty.from_month <= old.month))
  AND NOT EXISTS (
      SELECT 1 FROM interactions_servicemonth_stage AS fresh
      WHERE (fresh.client_id, fresh.month, fresh.branch_id, fresh.manager_no)
          = (old.client_id, old.month, old.branch_id, old.manager_no))
