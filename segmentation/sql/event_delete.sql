-- Deletes the lifecycle events of a recomputed month that the fresh ones no longer have.
-- Reads: the stage; serves itself by segmentation_lifecycleevent's primary key.
DELETE FROM segmentation_lifecycleevent AS old
WHERE old.client_id BETWEEN %(lo)s AND %(hi)s AND old.month = %(month)s
  AND (%(everyone)s OR old.client_id = ANY (%(client_ids)s::bigint[]))
  AND NOT EXISTS (
      SELECT 1 FROM segmentation_eventstage AS fresh
      WHERE (fresh.client_id, fresh.on_date, fresh.event) = (old.client_id, old.on_date, old.event))
