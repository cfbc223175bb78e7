-- A row: the span before a rise that counts anew from every night until a close decides (S3). The rise's own span,
-- the open one, begins later then and the one before it ends later; both are moved, which costs a third of writing
-- them anew. Whoever was lost within the month is left to span_stage, and so is any other change.
-- Reads: segmentation_clientscore, segmentation_lifecycleevent by their primary keys' client range; serves itself by
-- segmentation_tierspan's open spans (tier_span_open) and primary key.
WITH rise AS (
    UPDATE segmentation_tierspan AS span
    SET from_date = now.tier_since
    FROM segmentation_clientscore AS now
    WHERE now.client_id BETWEEN %(lo)s AND %(hi)s AND now.tier_reason = 'up'
      AND span.client_id = now.client_id AND span.client_id BETWEEN %(lo)s AND %(hi)s AND span.to_date IS NULL
      AND (span.tier, span.reason) = (now.tier, now.tier_reason)
      AND span.model_version_id IS NOT DISTINCT FROM now.model_version_id
      AND span.from_date >= %(month)s AND span.from_date < now.tier_since
      AND NOT EXISTS (
          SELECT FROM segmentation_lifecycleevent AS gone
          WHERE gone.client_id = now.client_id AND gone.client_id BETWEEN %(lo)s AND %(hi)s
            AND gone.event IN ('LOST', 'EXCLUDED') AND gone.on_date >= %(month)s)
    RETURNING span.client_id, old.from_date AS began, new.from_date AS begins
)
UPDATE segmentation_tierspan AS before
SET to_date = rise.begins
FROM rise
WHERE before.client_id = rise.client_id AND before.to_date = rise.began
  AND before.client_id BETWEEN %(lo)s AND %(hi)s
