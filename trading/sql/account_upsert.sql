-- One row: a fund account with what the newest trade date and version told of it (F12).
-- Reads the stage and clients_client; served by the unique account_no.
INSERT INTO clients_account AS a (
    account_no, client_id, system, currency, status, opened_on, closed_on, told_on, told_version, first_told_on
)
SELECT s.account_no, c.id, s.system, s.currency, s.status, s.opened_on, s.closed_on, %(feed_day)s, %(version)s,
       %(feed_day)s
FROM trading_stage_account s
JOIN clients_client c ON c.client_no = s.client_no
ORDER BY c.id
ON CONFLICT (account_no) DO UPDATE
SET system = excluded.system, currency = excluded.currency, status = excluded.status,
    opened_on = excluded.opened_on, closed_on = excluded.closed_on, told_on = excluded.told_on,
    told_version = excluded.told_version
WHERE (a.told_on, a.told_version) <= (excluded.told_on, excluded.told_version)
