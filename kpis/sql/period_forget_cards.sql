-- Removes all cards of a period, before a run as of an earlier day makes them anew; signed-off ones stay.
-- Reads: kpis_scorecard of the period (scorecard_revision_once).
DELETE FROM kpis_scorecard WHERE period = %(period)s AND state <> 'final'
