-- Deletes the cohorts of a quarter's end that is made anew, and those after the night.
-- Serves itself by the primary key, which begins with as_of.
DELETE FROM segmentation_cohortfigure WHERE as_of = %(as_of)s OR as_of > %(night)s
