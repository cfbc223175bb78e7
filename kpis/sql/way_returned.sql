-- A row: the way of a client that looked new, but whose ID was held under another number at a close within the twelve
-- months before the entry (L10): it returned.
-- Reads: kpis_freshway (a stage); trading_recordspan whole, once, where anybody is new; segmentation_lifecycleevent
-- (primary key).
UPDATE kpis_freshway AS entrant
SET kind = 'returned'
FROM trading_recordspan AS own
JOIN trading_recordspan AS twin
  ON twin.id_index = own.id_index AND twin.from_date = DATE '1900-01-01' AND twin.client_id <> own.client_id
JOIN segmentation_lifecycleevent AS entry
  ON entry.client_id = twin.client_id AND entry.event IN ('EFFECTIVE', 'REACTIVATED')
WHERE entrant.kind = 'new' AND own.client_id = entrant.client_id AND own.from_date = DATE '1900-01-01'
  AND entry.on_date < entrant.entered_on
  AND NOT EXISTS (
      SELECT FROM segmentation_lifecycleevent AS exit
      WHERE exit.client_id = entry.client_id AND exit.event IN ('LOST', 'EXCLUDED')
        AND exit.on_date >= entry.on_date
        AND (exit.on_date <= (entrant.entered_on - INTERVAL '12 months')::date OR exit.on_date = entry.on_date)
  )
