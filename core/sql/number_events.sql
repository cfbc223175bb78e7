-- Gives the events that are committed and not numbered yet their places, in the order they were written.
-- A row is one event of the outbox. Reads core_outboxmessage by the partial index outbox_new.
UPDATE core_outboxmessage AS told
SET position = fresh.position
FROM (
    SELECT id, nextval('core_outbox_position') AS position
    FROM (
        SELECT id FROM core_outboxmessage WHERE position IS NULL ORDER BY id LIMIT %(most)s
    ) AS waiting
) AS fresh
WHERE told.id = fresh.id
