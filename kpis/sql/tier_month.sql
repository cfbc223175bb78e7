-- A row: what the clients of one tier brought to one branch and manager of record in a month, and their days
-- there (K7). The tier is that of the close before the month; who had none then counts nowhere. Changed rows only.
-- Reads: segmentation_monthpart of the month (client_month_branch, then the rows as they lie), segmentation_scoreclose
-- of the close before (score_close_day); meets kpis_tiermonth by its primary key.
MERGE INTO kpis_tiermonth AS kept
USING (
    SELECT part.branch_id, part.manager_no, opening.tier, sum(part.contribution) AS profit, sum(part.days) AS days
    FROM segmentation_monthpart AS part
    JOIN segmentation_scoreclose AS opening
      ON opening.client_id = part.client_id AND opening.as_of = %(month)s::date - 1 AND opening.tier <> ''
    WHERE part.month = %(month)s::date
    GROUP BY part.branch_id, part.manager_no, opening.tier
) AS fresh
ON kept.month = %(month)s::date AND kept.branch_id = fresh.branch_id AND kept.manager_no = fresh.manager_no
   AND kept.tier = fresh.tier
WHEN MATCHED AND (kept.profit, kept.days) IS DISTINCT FROM (fresh.profit, fresh.days) THEN
    UPDATE SET profit = fresh.profit, days = fresh.days
WHEN NOT MATCHED THEN
    INSERT (month, branch_id, manager_no, tier, profit, days)
    VALUES (%(month)s::date, fresh.branch_id, fresh.manager_no, fresh.tier, fresh.profit, fresh.days)
WHEN NOT MATCHED BY SOURCE AND kept.month = %(month)s::date THEN
    DELETE
