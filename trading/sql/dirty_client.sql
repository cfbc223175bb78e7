-- One row: a client that the run redoes, and from which month on; also those who share an ID with one (L10).
-- Reads the marks taken by the run; clients_clientrecord's primary key and its index on id_index serve.
WITH marked AS (
    SELECT client_id, min(month) AS from_month
    FROM trading_stalemark
    WHERE taken AND client_id IS NOT NULL
    GROUP BY client_id
)
INSERT INTO trading_dirtyclient (client_id, from_month)
SELECT client_id, min(from_month)
FROM (
    SELECT client_id, from_month FROM marked
    UNION ALL
    SELECT other.client_id, marked.from_month
    FROM marked
    JOIN clients_clientrecord own ON own.client_id = marked.client_id
    JOIN clients_clientrecord other ON other.id_index = own.id_index AND other.client_id <> own.client_id
) found
GROUP BY client_id
