-- Deletes spans that the fresh ones no longer have.
-- Reads: segmentation_spanclient, segmentation_spanstage; serves itself by segmentation_tierspan's primary key.
DELETE FROM segmentation_tierspan AS old
WHERE old.client_id BETWEEN %(lo)s AND %(hi)s
  AND old.client_id IN (SELECT client_id FROM segmentation_spanclient)
  AND NOT EXISTS (
      SELECT 1 FROM segmentation_spanstage AS fresh
      WHERE fresh.client_id = old.client_id AND fresh.from_date = old.from_date)
