-- One row: a client's branch (through mergers), manager and status of record for a span of days, as of the run.
-- Reads clients_clientrecord by its primary key for the shard's clients (all, or those in ids), and trading_unitspan.
-- A record whose branch is not known by the as-of date is not known either (F5, F6).
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
placed AS (
    SELECT t.client_id, greatest(t.from_date, u.from_date) AS from_date, u.branch_id, t.manager_no, t.status, t.kind,
           t.opened_on, t.closed_on, t.callback_passed_on, t.deceased_on, t.id_index
    FROM told t
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
