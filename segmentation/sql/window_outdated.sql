-- A row: a client on record whose sums over the earlier months are not kept for this month, or were before they changed.
-- Reads: trading_recordspan, segmentation_window by their primary keys' client range.
SELECT record.client_id
FROM trading_recordspan AS record
LEFT JOIN segmentation_window AS kept
  ON kept.client_id = record.client_id AND kept.month = %(month)s AND kept.client_id BETWEEN %(lo)s AND %(hi)s
WHERE record.client_id BETWEEN %(lo)s AND %(hi)s AND record.from_date <= %(as_of)s AND record.to_date > %(as_of)s
  AND kept.client_id IS NULL
