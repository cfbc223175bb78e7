-- Removes the lines of cards that vanish or came out otherwise, before their cards are written in place.
-- Reads: kpis_scorecard of the period (scorecard_revision_once), kpis_freshcard (a stage).
DELETE FROM kpis_scorecardline AS line
USING kpis_scorecard AS kept
WHERE kept.id = line.card_id AND kept.period = %(period)s AND kept.state <> 'final'
  AND NOT EXISTS (
      SELECT FROM kpis_freshcard AS fresh
      WHERE fresh.period = kept.period AND fresh.unit_type = kept.unit_type AND fresh.unit_code = kept.unit_code
        AND fresh.fingerprint = kept.fingerprint
  )
