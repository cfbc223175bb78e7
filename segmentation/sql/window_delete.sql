-- Deletes kept sums of another month, and of clients whose earlier months are redone.
-- Reads: trading_dirtyclient (primary key); serves itself by the row's primary key.
DELETE FROM segmentation_window AS kept
WHERE kept.client_id BETWEEN %(lo)s AND %(hi)s
  AND (%(everyone)s OR kept.month <> %(month)s OR kept.client_id IN (
      SELECT client_id FROM trading_dirtyclient
      WHERE client_id BETWEEN %(lo)s AND %(hi)s AND from_month < %(month)s))
