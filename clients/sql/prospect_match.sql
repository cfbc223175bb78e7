-- A row: an open prospect and an account that may be its own, with what they share and how many others fit.
-- An account counts that was opened at most lead_days before the prospect was entered. The same ID decides; without
-- one in common the same mobile and name do, but differing IDs leave a doubt. Pairs somebody decided are left out.
-- Reads the open prospects (index prospect_stage), clients_client by its indexes of id_index and mobile_index.
WITH waiting AS MATERIALIZED (
    SELECT p.client_id, p.entered_on, c.id_index, c.mobile_index, c.name, c.kind
    FROM clients_prospect p
    JOIN clients_client c ON c.id = p.client_id
    WHERE p.stage IN ('new', 'contacted', 'interested', 'opening') AND c.merged_into_id IS NULL
), pair AS (
    SELECT w.client_id AS prospect_id, a.id AS client_id, 'id' AS found_by, false AS is_doubtful
    FROM waiting w
    JOIN clients_client a ON a.id_index = w.id_index
    WHERE a.status <> 'prospect' AND a.merged_into_id IS NULL AND a.kind = w.kind
      AND a.opened_on >= w.entered_on - %(lead_days)s::int
    UNION ALL
    SELECT w.client_id, a.id, 'mobile', w.id_index IS NOT NULL AND a.id_index IS NOT NULL
    FROM waiting w
    JOIN clients_client a ON a.mobile_index = w.mobile_index AND a.name = w.name
    WHERE a.status <> 'prospect' AND a.merged_into_id IS NULL AND a.kind = w.kind
      AND a.opened_on >= w.entered_on - %(lead_days)s::int
      AND a.id_index IS DISTINCT FROM w.id_index
), best AS (
    SELECT pair.*, min(found_by) OVER (PARTITION BY prospect_id) AS strongest
    FROM pair
    WHERE NOT EXISTS (
        SELECT 1 FROM clients_prospectmatch m
        WHERE m.prospect_id = pair.prospect_id AND m.client_id = pair.client_id AND m.state <> 'open'
    )
)
SELECT prospect_id, client_id, found_by,
       is_doubtful OR count(*) OVER (PARTITION BY prospect_id) > 1 OR count(*) OVER (PARTITION BY client_id) > 1
           AS is_doubtful
FROM best
WHERE found_by = strongest
ORDER BY prospect_id, client_id
