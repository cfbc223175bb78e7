-- A row: a held individual whose birthday falls on one of the next days; who was born on 29 February has it on
-- the 28th in years without one (the caller's days say so). Reads: clients_client and clients_clientstanding by
-- primary key range.
INSERT INTO outreach_duestage (client_id, list, occasion, why, facts, since, due_on)
SELECT c.id, 'birthday', extract(year FROM near.day)::text, 'birthday',
       jsonb_build_object('turns', (extract(year FROM near.day) - extract(year FROM c.birth_date))::int),
       %(as_of)s::date - 1, near.day
FROM clients_client AS c
JOIN clients_clientstanding AS s ON s.client_id = c.id AND s.held
JOIN unnest(%(birthday_numbers)s::int[], %(birthday_dates)s::date[]) AS near (number, day)
  ON near.number = (extract(month FROM c.birth_date) * 100 + extract(day FROM c.birth_date))::int
WHERE c.id BETWEEN %(lo)s AND %(hi)s AND s.client_id BETWEEN %(lo)s AND %(hi)s
  AND c.kind = 'individual' AND c.birth_date < %(as_of)s::date AND c.merged_into_id IS NULL
