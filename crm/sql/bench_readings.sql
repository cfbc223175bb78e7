-- A row: another way to read a benchmark client's name; names and their readings are given as arrays side by side.
-- Reads clients_client once.
INSERT INTO clients_reading (client_id, of, pinyin, initials)
SELECT c.id, 'name', r.pinyin, r.initials
FROM unnest(%(names)s::text[], %(pinyin)s::text[], %(initials)s::text[]) AS r (name, pinyin, initials)
JOIN clients_client c ON c.name = r.name
ON CONFLICT (client_id, of, pinyin) DO NOTHING
