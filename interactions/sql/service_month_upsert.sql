-- A row: as in service_month_stage; written only where it differs from what stands.
-- Reads: the stage; conflicts found by interactions_servicemonth's primary key.
INSERT INTO interactions_servicemonth AS old
    (client_id, month, branch_id, manager_no, interactions, minutes, messages, cost, product_families)
SELECT client_id, month, branch_id, manager_no, interactions, minutes, messages, cost, product_families
FROM interactions_servicemonth_stage
ON CONFLICT (client_id, month, branch_id, manager_no) DO UPDATE
SET interactions = excluded.interactions, minutes = excluded.minutes, messages = excluded.messages,
    cost = excluded.cost, product_families = excluded.product_families
WHERE (old.interactions, old.minutes, old.messages, old.cost, old.product_families) IS DISTINCT FROM
      (excluded.interactions, excluded.minutes, excluded.messages, excluded.cost, excluded.product_families)
