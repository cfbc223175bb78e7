-- One row: a client's branch (through mergers), manager and status of record for a span of days, as of the run.
-- Reads clients_clientrecord by its primary key for the shard's clients (all, or those in ids), trading_unitspan, and
-- clients_handover by its index on client. A record whose branch is not known by the as-of date is not known either
-- (F5, F6), nor is a hand-over to such a branch.
-- A hand-over holds until the next one, or the next record that tells another owner than the record before it; only
-- the few clients that have one go the long way round.
WITH told AS (
    SELECT r.client_id, r.branch_id, r.manager_no, r.status,
           CASE WHEN lag(r.told_on) OVER forward IS NULL THEN date '1900-01-01' ELSE r.told_on END AS from_date,
           coalesce(lead(r.told_on) OVER forward, date '9999-12-31') AS to_date,
           first_value(r.kind) OVER newest_first AS kind,
           first_value(r.opened_on) OVER newest_first AS opened_on,
           first_value(r.closed_on) OVER newest_first AS closed_on,
           first_value(r.callback_passed_on) OVER newest_first AS callback_passed_on,
           first_value(r.id_index) OVER newest_first AS id_index,
           min(r.told_on) FILTER (WHERE r.status = 'deceased') OVER (PARTITION BY r.client_id) AS deceased_on
    FROM clients_clientrecord r
    WHERE r.client_id BETWEEN %(lo)s AND %(hi)s
      AND (%(is_all)s::boolean OR r.client_id = ANY(%(ids)s))
      AND r.told_on <= %(as_of)s
      AND r.branch_id IN (SELECT unit_id FROM trading_unitspan)
    WINDOW forward AS (PARTITION BY r.client_id ORDER BY r.told_on),
           newest_first AS (PARTITION BY r.client_id ORDER BY r.told_on DESC)
),
handed AS MATERIALIZED (
    SELECT h.client_id, h.from_date, h.branch_id, h.manager_no,
           coalesce(lead(h.from_date) OVER (PARTITION BY h.client_id ORDER BY h.from_date), date '9999-12-31') AS to_date
    FROM clients_handover h
    WHERE h.client_id BETWEEN %(lo)s AND %(hi)s
      AND (%(is_all)s::boolean OR h.client_id = ANY(%(ids)s))
      AND h.cancelled_at IS NULL AND h.from_date <= %(as_of)s
      AND h.branch_id IN (SELECT unit_id FROM trading_unitspan)
),
moved AS MATERIALIZED (
    SELECT m.client_id, m.from_date
    FROM (
        SELECT t.client_id, t.from_date,
               lag((t.branch_id, t.manager_no)) OVER (PARTITION BY t.client_id ORDER BY t.from_date)
                   IS DISTINCT FROM (t.branch_id, t.manager_no) AS is_move
        FROM told t
        WHERE t.client_id IN (SELECT client_id FROM handed)
    ) m
    WHERE m.is_move
),
held AS MATERIALIZED (
    SELECT h.client_id, h.branch_id, h.manager_no, h.from_date,
           least(h.to_date, min(m.from_date)) AS to_date
    FROM handed h
    LEFT JOIN moved m ON m.client_id = h.client_id AND m.from_date > h.from_date
    GROUP BY h.client_id, h.branch_id, h.manager_no, h.from_date, h.to_date
),
turn AS MATERIALIZED (
    SELECT t.client_id, t.from_date FROM told t WHERE t.client_id IN (SELECT client_id FROM handed)
    UNION SELECT h.client_id, h.from_date FROM held h
    UNION SELECT h.client_id, h.to_date FROM held h
),
stretch AS MATERIALIZED (
    SELECT n.client_id, n.from_date,
           coalesce(lead(n.from_date) OVER (PARTITION BY n.client_id ORDER BY n.from_date), date '9999-12-31') AS to_date
    FROM turn n
    WHERE n.from_date < date '9999-12-31'
),
owned AS (
    SELECT t.client_id, t.from_date, t.to_date, t.branch_id, t.manager_no, t.status, t.kind, t.opened_on,
           t.closed_on, t.callback_passed_on, t.deceased_on, t.id_index
    FROM told t
    WHERE t.client_id NOT IN (SELECT client_id FROM handed)
    UNION ALL
    SELECT n.client_id, n.from_date, n.to_date,
           CASE WHEN h.client_id IS NULL THEN t.branch_id ELSE h.branch_id END,
           CASE WHEN h.client_id IS NULL THEN t.manager_no ELSE h.manager_no END,
           t.status, t.kind, t.opened_on, t.closed_on, t.callback_passed_on, t.deceased_on, t.id_index
    FROM stretch n
    JOIN told t ON t.client_id = n.client_id AND t.from_date <= n.from_date AND n.from_date < t.to_date
    LEFT JOIN held h ON h.client_id = n.client_id AND h.from_date <= n.from_date AND n.from_date < h.to_date
),
placed AS (
    SELECT t.client_id, greatest(t.from_date, u.from_date) AS from_date, u.branch_id, t.manager_no, t.status, t.kind,
           t.opened_on, t.closed_on, t.callback_passed_on, t.deceased_on, t.id_index
    FROM owned t
    JOIN trading_unitspan u
        ON u.unit_id = t.branch_id AND u.from_date < t.to_date AND u.to_date > t.from_date
),
changes AS (
    SELECT p.*,
           lag((p.branch_id, p.manager_no, p.status)) OVER forward
               IS DISTINCT FROM (p.branch_id, p.manager_no, p.status) AS is_change
    FROM placed p
    WINDOW forward AS (PARTITION BY p.client_id ORDER BY p.from_date)
),
fresh AS MATERIALIZED (
    SELECT c.client_id, c.from_date,
           coalesce(lead(c.from_date) OVER (PARTITION BY c.client_id ORDER BY c.from_date), date '9999-12-31') AS to_date,
           c.branch_id, c.manager_no, c.status, c.kind, c.opened_on, c.closed_on, c.callback_passed_on,
           c.deceased_on, c.id_index
    FROM changes c
    WHERE c.is_change
),
gone AS (
    DELETE FROM trading_recordspan o
    WHERE o.client_id BETWEEN %(lo)s AND %(hi)s
      AND (%(is_all)s::boolean OR o.client_id = ANY(%(ids)s))
      AND NOT EXISTS (SELECT 1 FROM fresh f WHERE f.client_id = o.client_id AND f.from_date = o.from_date)
)
INSERT INTO trading_recordspan AS o (
    client_id, from_date, to_date, branch_id, manager_no, status, kind, opened_on, closed_on, callback_passed_on,
    deceased_on, id_index
)
SELECT f.client_id, f.from_date, f.to_date, f.branch_id, f.manager_no, f.status, f.kind, f.opened_on, f.closed_on,
       f.callback_passed_on, f.deceased_on, f.id_index
FROM fresh f
ON CONFLICT (client_id, from_date) DO UPDATE
SET to_date = excluded.to_date, branch_id = excluded.branch_id, manager_no = excluded.manager_no,
    status = excluded.status, kind = excluded.kind, opened_on = excluded.opened_on, closed_on = excluded.closed_on,
    callback_passed_on = excluded.callback_passed_on, deceased_on = excluded.deceased_on,
    id_index = excluded.id_index
WHERE (o.to_date, o.branch_id, o.manager_no, o.status, o.kind, o.opened_on, o.closed_on, o.callback_passed_on,
       o.deceased_on, o.id_index)
      IS DISTINCT FROM
      (excluded.to_date, excluded.branch_id, excluded.manager_no, excluded.status, excluded.kind, excluded.opened_on,
       excluded.closed_on, excluded.callback_passed_on, excluded.deceased_on, excluded.id_index)
