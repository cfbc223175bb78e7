-- A row: the one card of a unit for a running period, updated in place; unchanged ones stay untouched.
-- Reads: kpis_freshcard of the period (a stage); meets kpis_scorecard by scorecard_revision_once.
INSERT INTO kpis_scorecard AS kept (
    unit_type, unit_code, unit_name, unit_id, period, period_type, start, "end", reckoned_to, revision, current,
    build, as_of, state, completeness, flags, notes, counts, profitability, total, scheme_id, model_version,
    inputs, fingerprint, made_at
)
SELECT unit_type, unit_code, unit_name, unit_id, period, period_type, start, "end", reckoned_to, 1, true,
       %(build)s, as_of, state, completeness, flags, notes, counts, profitability, total, scheme_id, model_version,
       inputs, fingerprint, now()
FROM kpis_freshcard
WHERE period = %(period)s
ON CONFLICT (period, unit_type, unit_code, revision) DO UPDATE
SET unit_name = excluded.unit_name, unit_id = excluded.unit_id, reckoned_to = excluded.reckoned_to, current = true,
    build = excluded.build, as_of = excluded.as_of, state = excluded.state, completeness = excluded.completeness,
    flags = excluded.flags, notes = excluded.notes, counts = excluded.counts,
    profitability = excluded.profitability, total = excluded.total, scheme_id = excluded.scheme_id,
    model_version = excluded.model_version, inputs = excluded.inputs, fingerprint = excluded.fingerprint,
    made_at = excluded.made_at
WHERE (kept.fingerprint, kept.as_of, kept.reckoned_to, kept.unit_name, kept.unit_id, kept.model_version, kept.current)
      IS DISTINCT FROM (excluded.fingerprint, excluded.as_of, excluded.reckoned_to, excluded.unit_name,
                        excluded.unit_id, excluded.model_version, true)
