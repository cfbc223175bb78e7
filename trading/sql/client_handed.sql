-- Clients of the stage that have a hand-over in force; their owner is to be settled once their records are in.
-- Served by the unique client_no and the index of clients_handover on client.
SELECT DISTINCT c.id
FROM trading_stage_client s
JOIN clients_client c ON c.client_no = s.client_no
JOIN clients_handover h ON h.client_id = c.id AND h.cancelled_at IS NULL
