-- A row: a document of a client that runs out within 30 days, with a sharper reason in the last 7, or ran out
-- less than 30 days ago: identity document, or risk assessment, which holds for so many years.
-- Reads: clients_client by primary key range or client_id_expiry and client_assessed.
INSERT INTO outreach_duestage (client_id, list, occasion, why, facts, since, due_on)
SELECT c.id, 'expiring', paper.kind || ':' || paper.ends_on,
       paper.kind || CASE WHEN paper.ends_on < %(as_of)s::date THEN '_over'
                          WHEN paper.ends_on <= %(as_of)s::date + 7 THEN '_7' ELSE '_30' END,
       jsonb_build_object('ends', paper.ends_on), %(as_of)s::date - 1, paper.ends_on
FROM clients_client AS c
CROSS JOIN LATERAL (
    VALUES ('id', c.id_expires_on), ('risk', (c.risk_assessed_on + make_interval(years => %(risk_years)s::int))::date)
) AS paper (kind, ends_on)
WHERE c.id BETWEEN %(lo)s AND %(hi)s AND c.merged_into_id IS NULL
  AND c.status NOT IN ('closed', 'deceased', 'prospect')
  AND paper.ends_on BETWEEN %(as_of)s::date - 30 AND %(as_of)s::date + 30
