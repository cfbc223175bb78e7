-- Deletes the rows of a recomputed close whose clients were not held on it (they leave at once, S1).
-- Reads: segmentation_scorestage; serves itself by segmentation_scoreclose's primary key.
DELETE FROM segmentation_scoreclose AS old
WHERE old.client_id BETWEEN %(lo)s AND %(hi)s AND old.as_of = %(as_of)s
  AND (%(everyone)s OR old.client_id = ANY (%(client_ids)s::bigint[]))
  AND NOT EXISTS (SELECT 1 FROM segmentation_scorestage AS fresh WHERE fresh.client_id = old.client_id)
