-- Ends the currency of cards of a closed period that came out otherwise, or whose unit has none any more; a merged
-- branch keeps its cards of periods that ended before it closed (K5).
-- Reads: kpis_scorecard of the period (scorecard_current_once), kpis_freshcard (a stage).
UPDATE kpis_scorecard AS kept
SET current = false
WHERE kept.period = %(period)s AND kept.current
  AND NOT (kept.unit_type = 'branch' AND kept.unit_code = ANY(%(merged_codes)s::text[]))
  AND NOT EXISTS (
      SELECT FROM kpis_freshcard AS fresh
      WHERE fresh.period = kept.period AND fresh.unit_type = kept.unit_type AND fresh.unit_code = kept.unit_code
        AND fresh.fingerprint = kept.fingerprint
  )
