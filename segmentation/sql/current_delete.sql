-- Deletes the current rows of clients that are not held on the night (they leave at once, S1).
-- Reads: segmentation_lifecycleevent by its primary key's client range; serves itself by the row's primary key.
DELETE FROM segmentation_clientscore AS old
WHERE old.client_id BETWEEN %(lo)s AND %(hi)s
  AND old.client_id NOT IN (
      SELECT client_id FROM segmentation_lifecycleevent
      WHERE client_id BETWEEN %(lo)s AND %(hi)s AND on_date <= %(as_of)s
      GROUP BY client_id
      HAVING max(on_date) FILTER (WHERE event IN ('EFFECTIVE', 'REACTIVATED'))
          > coalesce(max(on_date) FILTER (WHERE event IN ('LOST', 'EXCLUDED')), '-infinity'))
