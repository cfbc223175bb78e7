-- One row: an account told of for the first time, or last, on the day; with is_first all told of by then.
SELECT a.account_no, c.client_no, a.system, a.currency,
       CASE WHEN a.closed_on > %(day)s THEN 'normal' ELSE a.status END AS status, a.opened_on,
       CASE WHEN a.closed_on <= %(day)s THEN a.closed_on END AS closed_on
FROM clients_account a
JOIN clients_client c ON c.id = a.client_id
WHERE a.first_told_on <= %(day)s
  AND (%(is_first)s::boolean OR a.first_told_on = %(day)s OR a.told_on = %(day)s)
ORDER BY a.account_no
