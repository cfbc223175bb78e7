-- Deletes the rows of the window that the fresh ones no longer have.
-- Reads: the stage; serves itself by the unique index service_level_once.
DELETE FROM interactions_servicelevel AS old
WHERE old.half_hour >= %(start)s AND old.half_hour < %(end)s
  AND NOT EXISTS (
      SELECT FROM interactions_servicelevel_stage AS fresh
      WHERE (fresh.half_hour, fresh.channel, fresh.unit_id, fresh.tier_band)
          = (old.half_hour, old.channel, old.unit_id, old.tier_band)
        AND fresh.agent_id IS NOT DISTINCT FROM old.agent_id)
