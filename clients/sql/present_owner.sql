-- A row: a client whose present branch or manager is another than hand-overs and feeds together say (0032).
-- The newest hand-over that has begun counts, unless a later feed row told another owner than the feed row before
-- it; else the newest feed row; a prospect, of whom no feed tells, stays where it is without one.
-- Reads, for the clients in ids: clients_clientrecord by its primary key, clients_handover by its index on client.
WITH asked AS MATERIALIZED (
    SELECT unnest(%(ids)s::bigint[]) AS client_id
), told AS MATERIALIZED (
    SELECT r.client_id,
           (array_agg(r.branch_id ORDER BY r.told_on DESC))[1] AS branch_id,
           (array_agg(r.manager_no ORDER BY r.told_on DESC))[1] AS manager_no,
           max(r.told_on) FILTER (WHERE r.is_move) AS moved_on
    FROM (
        SELECT o.client_id, o.told_on, o.branch_id, o.manager_no,
               lag(o.told_on) OVER told IS NOT NULL
               AND (lag(o.branch_id) OVER told, lag(o.manager_no) OVER told)
                   IS DISTINCT FROM (o.branch_id, o.manager_no) AS is_move
        FROM clients_clientrecord o
        WHERE o.client_id = ANY(%(ids)s::bigint[])
        WINDOW told AS (PARTITION BY o.client_id ORDER BY o.told_on)
    ) r
    GROUP BY r.client_id
), handed AS MATERIALIZED (
    SELECT DISTINCT ON (h.client_id) h.client_id, h.from_date, h.branch_id, h.manager_no
    FROM clients_handover h
    WHERE h.client_id = ANY(%(ids)s::bigint[]) AND h.cancelled_at IS NULL AND h.from_date <= %(today)s::date
    ORDER BY h.client_id, h.from_date DESC
), owner AS MATERIALIZED (
    SELECT a.client_id,
           CASE WHEN h.client_id IS NULL THEN t.branch_id ELSE h.branch_id END AS branch_id,
           CASE WHEN h.client_id IS NULL THEN t.manager_no ELSE h.manager_no END AS manager_no
    FROM asked a
    LEFT JOIN told t ON t.client_id = a.client_id
    LEFT JOIN handed h ON h.client_id = a.client_id AND (t.moved_on IS NULL OR h.from_date >= t.moved_on)
)
UPDATE clients_client c
SET branch_id = owner.branch_id, manager_no = owner.manager_no, version = c.version + 1, updated_at = now()
FROM owner
WHERE c.id = owner.client_id AND c.id = ANY(%(ids)s::bigint[]) AND owner.branch_id IS NOT NULL
  AND (c.branch_id, c.manager_no) IS DISTINCT FROM (owner.branch_id, owner.manager_no)
