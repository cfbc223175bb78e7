-- Deletes, at a month close, the current rows of clients that are not held then (they leave at once, S1).
-- Reads: segmentation_scoreclose by score_close_day, which has everyone who is; serves itself by the row's primary key.
DELETE FROM segmentation_clientscore AS old
WHERE old.client_id BETWEEN %(lo)s AND %(hi)s
  AND NOT EXISTS (
      SELECT 1 FROM segmentation_scoreclose AS close
      WHERE close.client_id = old.client_id AND close.as_of = %(as_of)s
        AND close.client_id BETWEEN %(lo)s AND %(hi)s)
