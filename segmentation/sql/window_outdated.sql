-- A row: a held client whose sums over the earlier months are not kept for this month, or were before they changed.
-- Reads: segmentation_lifecycleevent, segmentation_window by their primary keys' client range.
SELECT happened.client_id
FROM segmentation_lifecycleevent AS happened
LEFT JOIN segmentation_window AS kept ON kept.client_id = happened.client_id AND kept.month = %(month)s
WHERE happened.client_id BETWEEN %(lo)s AND %(hi)s AND happened.on_date <= %(as_of)s AND kept.client_id IS NULL
GROUP BY happened.client_id
HAVING max(happened.on_date) FILTER (WHERE happened.event IN ('EFFECTIVE', 'REACTIVATED'))
    > coalesce(max(happened.on_date) FILTER (WHERE happened.event IN ('LOST', 'EXCLUDED')), '-infinity')
