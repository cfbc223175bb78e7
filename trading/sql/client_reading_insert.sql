-- One row: another way to read a staged client's name, when the name told is the one that holds (F12).
-- Served by clients_reading's primary key.
INSERT INTO clients_reading (client_id, of, pinyin, initials)
SELECT DISTINCT c.id, 'name', split_part(reading, ':', 1), split_part(reading, ':', 2)
FROM trading_stage_client s
JOIN clients_client c ON c.client_no = s.client_no AND c.name = s.name
CROSS JOIN LATERAL string_to_table(s.readings, ' ') AS reading
WHERE s.readings <> ''
ON CONFLICT (client_id, of, pinyin) DO NOTHING
