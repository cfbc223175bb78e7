-- A row: a lifecycle event, as in entry_stage, exit_stage and soft_stage; written only where it differs.
-- Reads: the stage; conflicts found by segmentation_lifecycleevent's primary key.
INSERT INTO segmentation_lifecycleevent AS old (client_id, on_date, event, reason, month, branch_id, manager_no)
SELECT client_id, on_date, event, reason, month, branch_id, manager_no FROM segmentation_eventstage
ON CONFLICT (client_id, on_date, event) DO UPDATE
SET reason = excluded.reason, month = excluded.month, branch_id = excluded.branch_id,
    manager_no = excluded.manager_no
WHERE (old.reason, old.month, old.branch_id, old.manager_no)
    IS DISTINCT FROM (excluded.reason, excluded.month, excluded.branch_id, excluded.manager_no)
