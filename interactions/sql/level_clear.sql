-- Empties the stage: one rebuild at a time uses it, which a lock of the transaction sees to.
DELETE FROM interactions_servicelevel_stage
