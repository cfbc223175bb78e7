-- A row: of a tier's clients at the base close, how many are still held on the as-of date (S11).
-- Reads: segmentation_scoreclose (score_close_branch_tier), segmentation_lifecycleevent (primary key).
INSERT INTO segmentation_tierretention AS old (as_of, tier, base_on, clients, held)
SELECT %(as_of)s, base.tier, %(base_on)s, count(*), count(still.client_id)
FROM segmentation_scoreclose AS base
LEFT JOIN (
    SELECT client_id FROM segmentation_lifecycleevent
    WHERE on_date <= %(as_of)s
    GROUP BY client_id
    HAVING max(on_date) FILTER (WHERE event IN ('EFFECTIVE', 'REACTIVATED'))
        > coalesce(max(on_date) FILTER (WHERE event IN ('LOST', 'EXCLUDED')), '-infinity')
) AS still ON still.client_id = base.client_id
WHERE base.as_of = %(base_on)s AND base.tier <> ''
GROUP BY base.tier
ON CONFLICT (as_of, tier) DO UPDATE
SET base_on = excluded.base_on, clients = excluded.clients, held = excluded.held
WHERE (old.base_on, old.clients, old.held) IS DISTINCT FROM (excluded.base_on, excluded.clients, excluded.held)
