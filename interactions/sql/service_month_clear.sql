-- Empties the stage of one id range (rows a killed or earlier chunk left).
-- Serves itself by the stage's index on client_id.
DELETE FROM interactions_servicemonth_stage WHERE client_id BETWEEN %(lo)s AND %(hi)s
