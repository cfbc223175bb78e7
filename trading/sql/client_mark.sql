-- One mark: a client whose record the stage changes, from the first month that may look different then (F4, F24).
-- A client told of for the first time: from the month it opened. A row before all others: from the beginning, for
-- it also holds for the time before it. Else from the feed day's month, or from the earliest of the dates changed;
-- another ID counts from the opening, for it decides which entries are returns (L10).
-- Runs after new clients are in and before their records are. Served by clients_clientrecord's primary key.
WITH staged AS (
    SELECT c.id AS client_id, u.id AS branch_id, coalesce(s.manager_no, '') AS manager_no, s.status, s.kind,
           s.id_index, s.opened_on, s.closed_on, s.callback_passed_on
    FROM trading_stage_client s
    JOIN staff_unit u ON u.code = s.branch_code AND u.kind = 'branch'
    JOIN clients_client c ON c.client_no = s.client_no
)
INSERT INTO trading_stalemark (client_id, month, told_on, taken)
SELECT s.client_id,
       CASE WHEN before.client_id IS NULL THEN date_trunc('month', s.opened_on)::date
            WHEN before.told_on > %(feed_day)s OR before.is_first THEN date '1900-01-01'
            ELSE date_trunc('month', least(
                %(feed_day)s::date,
                CASE WHEN s.opened_on <> before.opened_on THEN least(s.opened_on, before.opened_on) END,
                CASE WHEN s.closed_on IS DISTINCT FROM before.closed_on
                     THEN least(s.closed_on, before.closed_on) END,
                CASE WHEN s.callback_passed_on IS DISTINCT FROM before.callback_passed_on
                     THEN least(s.callback_passed_on, before.callback_passed_on) END,
                CASE WHEN s.id_index IS DISTINCT FROM before.id_index THEN least(s.opened_on, before.opened_on) END
            ))::date
       END,
       greatest(%(feed_day)s::date, %(known_by)s::date), false
FROM staged s
LEFT JOIN LATERAL (
    -- what held on the feed day until now: its own row, else the one before, else the first one after
    SELECT r.*,
           r.told_on = %(feed_day)s AND NOT EXISTS (
               SELECT 1 FROM clients_clientrecord o WHERE o.client_id = s.client_id AND o.told_on < r.told_on
           ) AS is_first
    FROM clients_clientrecord r
    WHERE r.client_id = s.client_id
    ORDER BY r.told_on > %(feed_day)s, abs(r.told_on - %(feed_day)s::date)
    LIMIT 1
) before ON true
WHERE before.client_id IS NULL
   OR (
       NOT (before.told_on = %(feed_day)s AND before.told_version > %(version)s)
       AND (before.branch_id, before.manager_no, before.status, before.kind, before.id_index, before.opened_on,
            before.closed_on, before.callback_passed_on)
           IS DISTINCT FROM
           (s.branch_id, s.manager_no, s.status, s.kind, s.id_index, s.opened_on, s.closed_on,
            s.callback_passed_on)
   )
