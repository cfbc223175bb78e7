-- A row: the clients that went the same way through a period, from this build on; those that stand stay.
-- Reads: kpis_freshpassage, kpis_passagegroup of the period (index passage_opening).
INSERT INTO kpis_passagegroup (
    period, kind, movement, tier_from, tier_to, opening_branch, opening_region, opening_manager,
    closing_branch, closing_region, closing_manager, record_branch, record_region, record_manager,
    clients, size, digest, from_build
)
SELECT fresh.period, fresh.kind, fresh.movement, fresh.tier_from, fresh.tier_to, fresh.opening_branch,
       fresh.opening_region, fresh.opening_manager, fresh.closing_branch, fresh.closing_region,
       fresh.closing_manager, fresh.record_branch, fresh.record_region, fresh.record_manager,
       fresh.clients, fresh.size, fresh.digest, %(build)s
FROM kpis_freshpassage AS fresh
WHERE fresh.period = %(period)s
  AND NOT EXISTS (
      SELECT FROM kpis_passagegroup AS kept
      WHERE kept.period = fresh.period AND kept.to_build IS NULL AND kept.kind = fresh.kind
        AND kept.movement = fresh.movement AND kept.tier_from = fresh.tier_from AND kept.tier_to = fresh.tier_to
        AND kept.opening_branch = fresh.opening_branch AND kept.opening_region = fresh.opening_region
        AND kept.opening_manager = fresh.opening_manager AND kept.closing_branch = fresh.closing_branch
        AND kept.closing_region = fresh.closing_region AND kept.closing_manager = fresh.closing_manager
        AND kept.record_branch = fresh.record_branch AND kept.record_region = fresh.record_region
        AND kept.record_manager = fresh.record_manager
        AND kept.size = fresh.size AND kept.digest = fresh.digest
  )
