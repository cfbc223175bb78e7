-- A row: a client of the block with the conditions that count for it and whether it meets the segment's rule; staged.
-- Materialized, or the conditions would be worked out once more for each time the verdict names them. Two places are
-- filled by core.sql.filled: found, the query that the rule was compiled to, with its bound parameters, and verdict, the
-- rule over the bits, numbers and operators alone; what stands in them here is the rule that nobody meets.
-- Reads: clients_client by its primary key's range and what the rule asks of, each by client.
WITH found (client_id, branch_id, told) AS MATERIALIZED (
    /*found*/ SELECT id, branch_id, 0 FROM clients_client WHERE false /*found*/
)
INSERT INTO segmentation_segmentstage (client_id, branch_id, bits, holds)
SELECT client_id, branch_id, told, /*verdict*/ false /*verdict*/ FROM found
