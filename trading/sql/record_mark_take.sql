-- One mark: what people told of a client, moved here from the marks that the client record keeps of it.
-- Reads and empties clients_recordmark, which is small.
WITH told AS (
    DELETE FROM clients_recordmark RETURNING client_id, month, told_on
)
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT DISTINCT client_id, month, told_on, false FROM told
