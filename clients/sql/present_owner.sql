-- A row: a client whose present branch or manager is another than hand-overs and feeds together say (0032).
-- The newest hand-over that has begun counts, unless a later feed row told another owner than the feed row before
-- it; else the newest feed row; a prospect, of whom no feed tells, stays where it is without one.
-- Reads, for the clients in ids: clients_clientrecord by its primary key, clients_handover by its index on client.
UPDATE clients_client c
SET branch_id = owner.branch_id, manager_no = owner.manager_no, version = c.version + 1, updated_at = now()
FROM (
    SELECT asked.client_id,
           CASE WHEN handed.client_id IS NULL THEN told.branch_id ELSE handed.branch_id END AS branch_id,
           CASE WHEN handed.client_id IS NULL THEN told.manager_no ELSE handed.manager_no END AS manager_no
    FROM unnest(%(ids)s::bigint[]) AS asked(client_id)
    LEFT JOIN LATERAL (
        SELECT (array_agg(r.branch_id ORDER BY r.told_on DESC))[1] AS branch_id,
               (array_agg(r.manager_no ORDER BY r.told_on DESC))[1] AS manager_no,
               coalesce(max(r.told_on) FILTER (WHERE r.is_move), date '1900-01-01') AS moved_on
        FROM (
            SELECT o.told_on, o.branch_id, o.manager_no,
                   lag(o.told_on) OVER told IS NOT NULL
                   AND (lag(o.branch_id) OVER told, lag(o.manager_no) OVER told)
                       IS DISTINCT FROM (o.branch_id, o.manager_no) AS is_move
            FROM clients_clientrecord o
            WHERE o.client_id = asked.client_id
            WINDOW told AS (ORDER BY o.told_on)
        ) r
    ) told ON true
    LEFT JOIN LATERAL (
        SELECT h.client_id, h.branch_id, h.manager_no
        FROM clients_handover h
        WHERE h.client_id = asked.client_id AND h.cancelled_at IS NULL
          AND h.from_date <= %(today)s::date AND h.from_date >= told.moved_on
        ORDER BY h.from_date DESC
        LIMIT 1
    ) handed ON true
) owner
WHERE c.id = owner.client_id AND owner.branch_id IS NOT NULL
  AND (c.branch_id, c.manager_no) IS DISTINCT FROM (owner.branch_id, owner.manager_no)
