-- A row: a branch with how many open clients it has, which of them are no candidates of a year's draw, and the rest.
-- Reads clients_client whole, once a year.
SELECT unit.code,
       count(*) FILTER (WHERE client.status = 'dormant') AS dormant,
       count(*) FILTER (WHERE client.status <> 'dormant' AND client.opened_on >= %(first)s) AS new,
       count(*) FILTER (WHERE client.status <> 'dormant' AND client.opened_on < %(first)s) AS candidates
FROM clients_client AS client
JOIN staff_unit AS unit ON unit.id = client.branch_id
WHERE client.merged_into_id IS NULL AND client.status NOT IN ('closed', 'deceased', 'prospect')
GROUP BY unit.code
ORDER BY unit.code
