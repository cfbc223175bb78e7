-- A row: what became, by a later close, of a proposal's clients or of the others of its unit at the report's close.
-- Reads: segmentation_scoreclose at the report's close (score_close_branch_tier) and at the later one (primary key),
-- kpis_proposalcohort by primary key.
INSERT INTO kpis_proposalmeasure (proposal_id, as_of, side, clients, held, rose, fell, contribution, assets)
SELECT %(proposal)s, %(as_of)s, CASE WHEN member.client_id IS NULL THEN 'rest' ELSE 'cohort' END,
       count(*), count(later.client_id),
       count(*) FILTER (WHERE array_position(%(ladder)s::text[], later.tier::text)
                              > array_position(%(ladder)s::text[], began.tier::text)),
       count(*) FILTER (WHERE array_position(%(ladder)s::text[], later.tier::text)
                              < array_position(%(ladder)s::text[], began.tier::text)),
       coalesce(sum(later.contribution_12m), 0), coalesce(sum(later.assets_end), 0)
FROM segmentation_scoreclose AS began
LEFT JOIN (
    SELECT unnest(cohort.clients) AS client_id
    FROM kpis_proposalcohort AS cohort WHERE cohort.proposal_id = %(proposal)s
) AS member ON member.client_id = began.client_id
LEFT JOIN segmentation_scoreclose AS later ON later.client_id = began.client_id AND later.as_of = %(as_of)s
WHERE began.as_of = %(base)s AND (%(is_firm)s OR began.branch_id = ANY (%(branch_ids)s::bigint[]))
GROUP BY 3
ON CONFLICT (proposal_id, as_of, side) DO UPDATE
SET clients = excluded.clients, held = excluded.held, rose = excluded.rose, fell = excluded.fell,
    contribution = excluded.contribution, assets = excluded.assets
