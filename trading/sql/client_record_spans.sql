-- Puts valid_from and valid_to of the staged clients' records right, whatever the order they came in (F4).
-- Served by the primary key (client_id, told_on); only rows that change are written.
UPDATE clients_clientrecord r
SET valid_from = span.valid_from, valid_to = span.valid_to
FROM (
    SELECT o.client_id, o.told_on,
           CASE WHEN lag(o.told_on) OVER told IS NULL THEN date '1900-01-01' ELSE o.told_on END AS valid_from,
           coalesce(lead(o.told_on) OVER told, date '9999-12-31') AS valid_to
    FROM clients_clientrecord o
    WHERE o.client_id IN (
        SELECT c.id FROM trading_stage_client s JOIN clients_client c ON c.client_no = s.client_no
    )
    WINDOW told AS (PARTITION BY o.client_id ORDER BY o.told_on)
) span
WHERE r.client_id = span.client_id AND r.told_on = span.told_on
  AND (r.valid_from, r.valid_to) <> (span.valid_from, span.valid_to)
