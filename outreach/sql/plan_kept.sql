-- A row: how many of the plan's entries fell due in a month up to the night's day, and how many of their clients
-- were contacted by then, of one branch, manager of record and tier. Entries whose reason was gone by their day
-- do not count. Reads: outreach_duecontact by due_by_plan, from `since` on.
MERGE INTO outreach_plankept AS old
USING (
    SELECT date_trunc('month', due_on)::date AS month, branch_id, manager_no, tier,
           count(*) AS due, count(*) FILTER (WHERE contacted_on <= due_on) AS kept
    FROM outreach_duecontact
    WHERE list = 'plan' AND due_on BETWEEN %(since)s::date AND %(as_of)s::date
      AND NOT (closed_how = 'gone' AND closed_on <= due_on)
    GROUP BY 1, 2, 3, 4
) AS fresh
ON old.month = fresh.month AND old.branch_id = fresh.branch_id AND old.manager_no = fresh.manager_no
   AND old.tier = fresh.tier
WHEN MATCHED AND (old.due, old.kept) IS DISTINCT FROM (fresh.due, fresh.kept)
    THEN UPDATE SET due = fresh.due, kept = fresh.kept
WHEN NOT MATCHED BY TARGET
    THEN INSERT (month, branch_id, manager_no, tier, due, kept)
         VALUES (fresh.month, fresh.branch_id, fresh.manager_no, fresh.tier, fresh.due, fresh.kept)
WHEN NOT MATCHED BY SOURCE AND old.month >= %(since)s::date
    THEN DELETE
