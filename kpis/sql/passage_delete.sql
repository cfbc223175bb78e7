-- Removes the passages of a running period that came out otherwise (it has one revision, updated in place).
-- Reads: kpis_passagegroup of the period (index passage_opening), kpis_freshpassage.
DELETE FROM kpis_passagegroup AS kept
WHERE kept.period = %(period)s AND kept.to_build IS NULL
  AND NOT EXISTS (
      SELECT FROM kpis_freshpassage AS fresh
      WHERE fresh.period = kept.period AND fresh.kind = kept.kind AND fresh.movement = kept.movement
        AND fresh.tier_from = kept.tier_from AND fresh.tier_to = kept.tier_to
        AND fresh.opening_branch = kept.opening_branch AND fresh.opening_region = kept.opening_region
        AND fresh.opening_manager = kept.opening_manager AND fresh.closing_branch = kept.closing_branch
        AND fresh.closing_region = kept.closing_region AND fresh.closing_manager = kept.closing_manager
        AND fresh.record_branch = kept.record_branch AND fresh.record_region = kept.record_region
        AND fresh.record_manager = kept.record_manager
        AND fresh.size = kept.size AND fresh.digest = kept.digest
  )
