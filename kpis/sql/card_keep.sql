-- Brings up to date what stands beside the numbers of a closed period's card that came out as it was: whose it is (a
-- manager's home moves with a merger, K5), by which rules, and the inputs; so the order of runs leaves no trace.
-- Reads: kpis_scorecard of the period (scorecard_current_once), kpis_freshcard (a stage).
UPDATE kpis_scorecard AS kept
SET unit_name = fresh.unit_name, unit_id = fresh.unit_id, scheme_id = fresh.scheme_id,
    model_version = fresh.model_version, inputs = fresh.inputs
FROM kpis_freshcard AS fresh
WHERE kept.period = %(period)s AND kept.current AND kept.state <> 'final'
  AND fresh.period = kept.period AND fresh.unit_type = kept.unit_type AND fresh.unit_code = kept.unit_code
  AND fresh.fingerprint = kept.fingerprint
  AND (kept.unit_name, kept.unit_id, kept.scheme_id, kept.model_version, kept.inputs)
      IS DISTINCT FROM (fresh.unit_name, fresh.unit_id, fresh.scheme_id, fresh.model_version, fresh.inputs)
