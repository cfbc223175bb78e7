-- A row: the next revision of a closed period's card that came out otherwise (the first of a unit without one).
-- Reads: kpis_freshcard (a stage), kpis_scorecard of the period (scorecard_current_once, scorecard_revision_once).
INSERT INTO kpis_scorecard (
    unit_type, unit_code, unit_name, unit_id, period, period_type, start, "end", reckoned_to, revision, current,
    build, as_of, state, completeness, flags, notes, counts, profitability, total, scheme_id, model_version,
    inputs, fingerprint, made_at
)
SELECT fresh.unit_type, fresh.unit_code, fresh.unit_name, fresh.unit_id, fresh.period, fresh.period_type, fresh.start,
       fresh."end", fresh.reckoned_to, coalesce(earlier.revision, 0) + 1, true, %(build)s, fresh.as_of, fresh.state,
       fresh.completeness, fresh.flags, fresh.notes, fresh.counts, fresh.profitability, fresh.total,
       fresh.scheme_id, fresh.model_version, fresh.inputs, fresh.fingerprint, now()
FROM kpis_freshcard AS fresh
LEFT JOIN LATERAL (
    SELECT max(kept.revision) AS revision, bool_or(kept.current) AS stands
    FROM kpis_scorecard AS kept
    WHERE kept.period = fresh.period AND kept.unit_type = fresh.unit_type AND kept.unit_code = fresh.unit_code
) AS earlier ON true
WHERE fresh.period = %(period)s AND earlier.stands IS NOT TRUE
