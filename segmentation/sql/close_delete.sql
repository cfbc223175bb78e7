-- Deletes the rows of a recomputed close whose clients were not held on it (they leave at once, S1).
-- Reads: segmentation_scorestage, trading_dirtyclient; serves itself by segmentation_scoreclose's primary key.
DELETE FROM segmentation_scoreclose AS old
WHERE old.client_id BETWEEN %(lo)s AND %(hi)s AND old.as_of = %(as_of)s
  AND (%(everyone)s OR EXISTS (
      SELECT 1 FROM trading_dirtyclient AS dirty
      WHERE dirty.client_id = old.client_id AND dirty.from_month <= %(month)s))
  AND NOT EXISTS (SELECT 1 FROM segmentation_scorestage AS fresh WHERE fresh.client_id = old.client_id)
