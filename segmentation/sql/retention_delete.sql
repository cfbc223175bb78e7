-- Deletes the retention of tiers that nobody had at the base close any more, and of nights that are gone.
-- Reads: segmentation_scoreclose (score_close_branch_tier); serves itself by the row's primary key.
DELETE FROM segmentation_tierretention AS old
WHERE (old.as_of = %(as_of)s AND NOT EXISTS (
          SELECT 1 FROM segmentation_scoreclose AS base
          WHERE base.as_of = %(base_on)s AND base.tier = old.tier))
   OR old.as_of > %(night)s
   OR (old.as_of <> %(night)s
       AND old.as_of <> (date_trunc('month', old.as_of) + interval '1 month' - interval '1 day')::date)
