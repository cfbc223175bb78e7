-- A row: a client with more than one branch or manager of record, or status, in a month up to the as-of date.
-- Reads: trading_recordspan by its primary key's client range.
SELECT client_id
FROM trading_recordspan
WHERE client_id BETWEEN %(lo)s AND %(hi)s
  AND from_date < %(next_month)s AND from_date <= %(as_of)s AND to_date > %(month)s
GROUP BY client_id
HAVING count(*) > 1
