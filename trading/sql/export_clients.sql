-- One row: a client as told on the day; with is_first as it stood by then. What only the newest row tells comes from it.
SELECT DISTINCT ON (c.client_no) c.client_no, r.kind, c.name, c.id_type, c.id_number, c.id_expires_on,
       CASE WHEN c.birth_date <= %(day)s THEN c.birth_date END AS birth_date, c.sex, c.mobile, c.email, c.address,
       u.code AS branch_code, r.manager_no, r.status, r.opened_on, r.closed_on, r.callback_passed_on, c.risk_level,
       CASE WHEN c.risk_assessed_on <= %(day)s THEN c.risk_assessed_on END AS risk_assessed_on, c.investor_class
FROM clients_clientrecord r
JOIN clients_client c ON c.id = r.client_id
JOIN staff_unit u ON u.id = r.branch_id
WHERE r.told_on <= %(day)s AND (%(is_first)s::boolean OR r.told_on = %(day)s)
ORDER BY c.client_no, r.told_on DESC
