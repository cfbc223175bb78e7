-- A row: a staged passage, for the next of the periods that clients went through alike.
-- Reads: kpis_freshpassage (a stage).
UPDATE kpis_freshpassage SET period = %(period)s
