-- Empties a period's stage, should an earlier attempt have left rows.
-- Reads: kpis_freshpassage whole (a stage).
DELETE FROM kpis_freshpassage WHERE period = %(period)s
