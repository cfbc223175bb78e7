-- Deletes the current rows of clients that are not held on the night (they leave at once, S1).
-- Reads: segmentation_scorestage, which has everyone who is; serves itself by the row's primary key.
DELETE FROM segmentation_clientscore AS old
WHERE old.client_id BETWEEN %(lo)s AND %(hi)s
  AND NOT EXISTS (SELECT 1 FROM segmentation_scorestage AS fresh WHERE fresh.client_id = old.client_id)
