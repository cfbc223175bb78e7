-- Takes away readings of names that the staged clients no longer bear. Served by clients_reading's primary key.
DELETE FROM clients_reading r
USING trading_stage_client s
JOIN clients_client c ON c.client_no = s.client_no AND c.name = s.name
WHERE r.client_id = c.id AND r.of = 'name'
  AND position(' ' || r.pinyin || ':' IN ' ' || coalesce(s.readings, '')) = 0
