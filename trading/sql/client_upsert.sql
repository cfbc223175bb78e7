-- One row: a client with what the newest trade date and version told of it (F12); new clients come in by this.
-- What people keep by hand (declared_outside_assets) stays; so does the owner of clients handed over, until
-- clients/sql/present_owner.sql has seen what the row tells. Served by the unique client_no.
INSERT INTO clients_client AS c (
    client_no, kind, name, pinyin, initials, id_type, id_number, id_index, id_expires_on, birth_date,
    sex, mobile, mobile_index, mobile_tail_index, email, email_index, address, address_index, branch_id, manager_no,
    status, opened_on, closed_on, callback_passed_on, risk_level, risk_assessed_on, investor_class,
    told_on, told_version, version, created_at, updated_at
)
SELECT
    s.client_no, s.kind, s.name, coalesce(s.pinyin, ''), coalesce(s.initials, ''), s.id_type, s.id_number,
    s.id_index, s.id_expires_on, s.birth_date, coalesce(s.sex, ''), s.mobile, s.mobile_index,
    s.mobile_tail_index, s.email, s.email_index, s.address, s.address_index, u.id, coalesce(s.manager_no, ''), s.status,
    s.opened_on, s.closed_on, s.callback_passed_on, coalesce(s.risk_level, ''), s.risk_assessed_on,
    coalesce(s.investor_class, ''), %(feed_day)s, %(version)s, 1, now(), now()
FROM trading_stage_client s
JOIN staff_unit u ON u.code = s.branch_code AND u.kind = 'branch'
ORDER BY s.line
ON CONFLICT (client_no) DO UPDATE
SET
    kind = excluded.kind, name = excluded.name, pinyin = excluded.pinyin, initials = excluded.initials,
    id_type = excluded.id_type, id_number = excluded.id_number, id_index = excluded.id_index,
    id_expires_on = excluded.id_expires_on, birth_date = excluded.birth_date, sex = excluded.sex,
    mobile = excluded.mobile, mobile_index = excluded.mobile_index,
    mobile_tail_index = excluded.mobile_tail_index, email = excluded.email,
    email_index = excluded.email_index, address = excluded.address,
    address_index = excluded.address_index,
    branch_id = CASE WHEN c.id IN (SELECT h.client_id FROM clients_handover h WHERE h.cancelled_at IS NULL)
                     THEN c.branch_id ELSE excluded.branch_id END,
    manager_no = CASE WHEN c.id IN (SELECT h.client_id FROM clients_handover h WHERE h.cancelled_at IS NULL)
                      THEN c.manager_no ELSE excluded.manager_no END,
    status = excluded.status, opened_on = excluded.opened_on,
    closed_on = excluded.closed_on, callback_passed_on = excluded.callback_passed_on,
    risk_level = excluded.risk_level, risk_assessed_on = excluded.risk_assessed_on,
    investor_class = excluded.investor_class, told_on = excluded.told_on,
    told_version = excluded.told_version, updated_at = excluded.updated_at, version = c.version + 1
WHERE (c.told_on, c.told_version) <= (excluded.told_on, excluded.told_version)
