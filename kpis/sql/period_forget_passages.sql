-- Removes the passages of a period, before a run as of an earlier day makes them anew.
-- Reads: kpis_passagegroup of the period (passage_opening).
DELETE FROM kpis_passagegroup WHERE period = %(period)s
