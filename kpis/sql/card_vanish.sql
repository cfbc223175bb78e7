-- Removes the cards of a running period whose unit has none any more (K5, K12).
-- Reads: kpis_scorecard of the period (scorecard_revision_once), kpis_freshcard (a stage).
DELETE FROM kpis_scorecard AS kept
WHERE kept.period = %(period)s AND kept.state <> 'final'
  AND NOT EXISTS (
      SELECT FROM kpis_freshcard AS fresh
      WHERE fresh.period = kept.period AND fresh.unit_type = kept.unit_type AND fresh.unit_code = kept.unit_code
  )
