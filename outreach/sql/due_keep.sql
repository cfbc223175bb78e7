-- A row: a waiting entry that goes on with another reason, day, place or owner than it had, or whose putting off is
-- over. Days of lists by flag or score stay as they were when the entry opened; what was handed over stays.
-- Reads: outreach_duecontact by due_contact_once' client range, outreach_duestage, clients_clientstanding by
-- client range, staff_person by employee number.
UPDATE outreach_duecontact AS old
SET branch_id = fresh.branch_id, manager_no = fresh.manager_no, owner_id = fresh.owner_id, tier = fresh.tier,
    why = fresh.why, facts = fresh.facts, due_on = fresh.due_on, state = fresh.state,
    put_off_until = CASE WHEN fresh.state = 'open' THEN NULL ELSE old.put_off_until END, version = old.version + 1
FROM (
    SELECT due.id, s.branch_id, s.manager_no, s.tier, stage.why, stage.facts,
           CASE WHEN due.handed THEN due.owner_id ELSE person.id END AS owner_id,
           CASE WHEN due.list IN ('at_risk', 'almost_upgraded', 'dormant_asset') THEN due.due_on
                ELSE stage.due_on END AS due_on,
           CASE WHEN due.put_off_until <= %(as_of)s::date THEN 'open' ELSE due.state END AS state
    FROM outreach_duecontact AS due
    JOIN outreach_duestage AS stage
      ON stage.client_id = due.client_id AND stage.list = due.list AND stage.occasion = due.occasion
    JOIN clients_clientstanding AS s ON s.client_id = due.client_id
    LEFT JOIN staff_person AS person
      ON person.employee_no = s.manager_no AND s.manager_no <> '' AND person.is_active
    WHERE due.client_id BETWEEN %(lo)s AND %(hi)s AND s.client_id BETWEEN %(lo)s AND %(hi)s
      AND due.state IN ('open', 'put_off')
) AS fresh
WHERE old.id = fresh.id
  AND (old.branch_id, old.manager_no, old.owner_id, old.tier, old.why, old.facts, old.due_on, old.state)
      IS DISTINCT FROM (fresh.branch_id, fresh.manager_no, fresh.owner_id, fresh.tier, fresh.why, fresh.facts,
                        fresh.due_on, fresh.state)
