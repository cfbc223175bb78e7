-- One row: two records that may be one client, with what they share and what that is worth (0 to 99).
-- Reads clients_client three times whole (grouped by ID, by mobile, by name and birth date), then by hash for the
-- pairs; groups of more than `most` records tell nothing of any two of them and are passed over. Joined records are
-- left out. Open pairs that share nothing any more go; dismissed ones stay as they are.
WITH alike AS (
    SELECT array_agg(id ORDER BY id) AS ids
    FROM clients_client
    WHERE merged_into_id IS NULL AND id_index IS NOT NULL
    GROUP BY id_index HAVING count(*) BETWEEN 2 AND %(most)s
    UNION ALL
    SELECT array_agg(id ORDER BY id)
    FROM clients_client
    WHERE merged_into_id IS NULL AND mobile_index IS NOT NULL
    GROUP BY mobile_index HAVING count(*) BETWEEN 2 AND %(most)s
    UNION ALL
    SELECT array_agg(id ORDER BY id)
    FROM clients_client
    WHERE merged_into_id IS NULL AND birth_date IS NOT NULL
    GROUP BY name, birth_date HAVING count(*) BETWEEN 2 AND %(most)s
),
pair AS (
    SELECT DISTINCT l.id AS left_id, r.id AS right_id
    FROM alike
    CROSS JOIN LATERAL unnest(alike.ids) AS l (id)
    CROSS JOIN LATERAL unnest(alike.ids) AS r (id)
    WHERE l.id < r.id
),
shared AS (
    SELECT p.left_id, p.right_id,
           coalesce(a.id_index = b.id_index, false) AS same_id,
           coalesce(a.mobile_index = b.mobile_index, false) AS same_mobile,
           a.name = b.name AS same_name,
           coalesce(a.birth_date = b.birth_date, false) AS same_birth
    FROM pair p
    JOIN clients_client a ON a.id = p.left_id
    JOIN clients_client b ON b.id = p.right_id
),
fresh AS MATERIALIZED (
    SELECT left_id, right_id,
           least(same_id::int * %(id_worth)s::int + same_mobile::int * %(mobile_worth)s::int
                 + same_name::int * %(name_worth)s::int + same_birth::int * %(birth_worth)s::int,
                 %(top)s::int)::smallint AS likelihood,
           array_remove(ARRAY[CASE WHEN same_id THEN 'id' END, CASE WHEN same_mobile THEN 'mobile' END,
                              CASE WHEN same_name THEN 'name' END, CASE WHEN same_birth THEN 'birth' END],
                        NULL)::varchar[] AS reasons
    FROM shared
),
gone AS (
    DELETE FROM clients_duplicatepair d
    WHERE d.state = 'open'
      AND NOT EXISTS (SELECT FROM fresh f WHERE f.left_id = d.left_id AND f.right_id = d.right_id)
)
INSERT INTO clients_duplicatepair AS o (left_id, right_id, likelihood, reasons, state, dismiss_reason, found_at)
SELECT left_id, right_id, likelihood, reasons, 'open', '', now()
FROM fresh
ON CONFLICT (left_id, right_id) DO UPDATE
SET likelihood = excluded.likelihood, reasons = excluded.reasons
WHERE o.state = 'open' AND (o.likelihood, o.reasons) IS DISTINCT FROM (excluded.likelihood, excluded.reasons)
