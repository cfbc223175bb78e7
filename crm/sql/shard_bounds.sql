-- A row: one client-id range (both ends included) of about per_shard clients, at least four ranges.
-- Reads: clients_client by its primary key (index-only).
SELECT min(id) AS lo, max(id) AS hi
FROM (
    SELECT id, ntile(greatest(4, ceil((SELECT count(*) FROM clients_client) / %(per_shard)s::numeric)::int))
               OVER (ORDER BY id) AS shard
    FROM clients_client
) AS numbered
GROUP BY shard
ORDER BY lo
