-- Removes the lines of all cards of a period, before a run as of an earlier day makes them anew.
-- Reads: kpis_scorecard of the period (scorecard_revision_once), kpis_scorecardline by card.
DELETE FROM kpis_scorecardline AS line
USING kpis_scorecard AS card
WHERE card.id = line.card_id AND card.period = %(period)s AND card.state <> 'final'
