-- One row: what a feed day told of a client; of several versions of the day the highest (F12).
-- Served by the primary key (client_id, told_on); spans are put right afterwards.
INSERT INTO clients_clientrecord AS r (
    client_id, told_on, told_version, valid_from, valid_to, branch_id, manager_no, status, kind,
    id_index, opened_on, closed_on, callback_passed_on
)
SELECT c.id, %(feed_day)s, %(version)s,
       CASE WHEN EXISTS (SELECT 1 FROM clients_clientrecord o WHERE o.client_id = c.id)
            THEN %(feed_day)s::date ELSE date '1900-01-01' END,
       date '9999-12-31', u.id, coalesce(s.manager_no, ''), s.status, s.kind, s.id_index, s.opened_on, s.closed_on, s.callback_passed_on
FROM trading_stage_client s
JOIN staff_unit u ON u.code = s.branch_code AND u.kind = 'branch'
JOIN clients_client c ON c.client_no = s.client_no
ORDER BY c.id
ON CONFLICT (client_id, told_on) DO UPDATE
SET
    told_version = excluded.told_version, branch_id = excluded.branch_id, manager_no = excluded.manager_no,
    status = excluded.status, kind = excluded.kind, id_index = excluded.id_index,
    opened_on = excluded.opened_on, closed_on = excluded.closed_on,
    callback_passed_on = excluded.callback_passed_on
WHERE r.told_version <= excluded.told_version
