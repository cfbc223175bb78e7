-- A row: an entry that the night found for the first time, or again after its reason had gone in between.
-- Entries that stand are left out beforehand: a conflict would lock each of them, and so write its page.
-- Reads: outreach_duestage, clients_clientstanding and outreach_duecontact by client range, staff_person by employee
-- number; conflicts by due_contact_once.
INSERT INTO outreach_duecontact AS old
    (client_id, list, occasion, branch_id, manager_no, owner_id, tier, why, facts, opened_on, since, due_on)
SELECT stage.client_id, stage.list, stage.occasion, s.branch_id, s.manager_no, person.id, s.tier, stage.why,
       stage.facts, %(as_of)s::date, stage.since, stage.due_on
FROM outreach_duestage AS stage
JOIN clients_clientstanding AS s ON s.client_id = stage.client_id
LEFT JOIN staff_person AS person
  ON person.employee_no = s.manager_no AND s.manager_no <> '' AND person.is_active
WHERE s.client_id BETWEEN %(lo)s AND %(hi)s
  AND NOT EXISTS (
      SELECT FROM outreach_duecontact AS there
      WHERE there.client_id BETWEEN %(lo)s AND %(hi)s AND there.client_id = stage.client_id
        AND there.list = stage.list AND there.occasion = stage.occasion AND there.closed_how <> 'gone'
  )
ON CONFLICT (client_id, list, occasion) DO UPDATE
SET state = 'open', closed_how = '', closed_on = NULL, branch_id = excluded.branch_id,
    manager_no = excluded.manager_no, owner_id = excluded.owner_id, handed = false, tier = excluded.tier,
    why = excluded.why, facts = excluded.facts, opened_on = excluded.opened_on, since = excluded.since,
    due_on = excluded.due_on, version = old.version + 1
WHERE old.closed_how = 'gone'
