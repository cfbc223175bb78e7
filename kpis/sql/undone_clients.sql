-- A row: a client whose transfers of the days before its loss are undone, so that it opens with another unit than
-- the one that had it at the close before the period (K3, K13).
-- Reads: kpis_freshpassage of the period (a stage), clients_client by primary key.
SELECT client.client_no, opening_branch, opening_region, opening_manager,
       record_branch, record_region, record_manager
FROM kpis_freshpassage AS fresh
CROSS JOIN LATERAL unnest(fresh.clients) AS member(client_id)
JOIN clients_client AS client ON client.id = member.client_id
WHERE fresh.period = %(period)s AND fresh.kind = 'lost'
  AND (opening_branch <> record_branch OR opening_region <> record_region OR opening_manager <> record_manager)
ORDER BY client.client_no
