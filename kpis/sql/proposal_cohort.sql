-- A row: the clients that a proposal is about, by id: on record with its unit at the report's close, of the tiers,
-- fields of the value matrix and flag that it names (an empty list names all).
-- Reads: segmentation_scoreclose (score_close_branch_tier).
INSERT INTO kpis_proposalcohort (proposal_id, clients)
SELECT %(proposal)s, coalesce(array_agg(client_id ORDER BY client_id), '{}')
FROM segmentation_scoreclose
WHERE as_of = %(as_of)s AND (%(is_firm)s OR branch_id = ANY (%(branch_ids)s::bigint[]))
  AND (cardinality(%(tiers)s::text[]) = 0 OR tier = ANY (%(tiers)s::text[]))
  AND (cardinality(%(cells)s::text[]) = 0 OR matrix = ANY (%(cells)s::text[]))
  AND flags @> %(flags)s::varchar[]
