-- Removes what people confirmed of a period's cards, before a run as of an earlier day makes them anew.
-- Reads: kpis_scorecard of the period (scorecard_revision_once), kpis_confirmation by card.
DELETE FROM kpis_confirmation AS given
USING kpis_scorecard AS card
WHERE card.id = given.card_id AND card.period = %(period)s AND card.state <> 'final'
