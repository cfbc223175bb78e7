-- A row: a tier span that only begins later than it did, as a rise between closes does every night until a close
-- decides; it is moved instead of deleted and written anew. It lies within its old days, so spans stay apart.
-- Reads: segmentation_spanclient, segmentation_spanstage; serves itself by segmentation_tierspan's primary key.
UPDATE segmentation_tierspan AS old
SET from_date = fresh.from_date
FROM (
    SELECT DISTINCT ON (gone.client_id, gone.from_date) gone.client_id, gone.from_date AS from_before, later.from_date
    FROM segmentation_tierspan AS gone
    JOIN segmentation_spanstage AS later
      ON later.client_id = gone.client_id AND later.from_date > gone.from_date
     AND (later.to_date, later.tier, later.reason, later.model_version_id)
         IS NOT DISTINCT FROM (gone.to_date, gone.tier, gone.reason, gone.model_version_id)
    WHERE gone.client_id BETWEEN %(lo)s AND %(hi)s
      AND NOT EXISTS (
          SELECT 1 FROM segmentation_spanstage AS stays
          WHERE stays.client_id = gone.client_id AND stays.from_date = gone.from_date)
      AND NOT EXISTS (
          SELECT 1 FROM segmentation_tierspan AS there
          WHERE there.client_id = later.client_id AND there.from_date = later.from_date
            AND there.client_id BETWEEN %(lo)s AND %(hi)s)
    ORDER BY gone.client_id, gone.from_date, later.from_date
) AS fresh
WHERE old.client_id = fresh.client_id AND old.from_date = fresh.from_before
  AND old.client_id BETWEEN %(lo)s AND %(hi)s
