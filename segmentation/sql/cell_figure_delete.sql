-- Deletes the cell figures of a date that is made anew, and those of nights that are gone.
-- Serves itself by the primary key, which begins with as_of.
DELETE FROM segmentation_cellfigure
WHERE as_of = %(as_of)s OR as_of > %(night)s
   OR (as_of <> %(night)s AND as_of <> (date_trunc('month', as_of) + interval '1 month' - interval '1 day')::date)
