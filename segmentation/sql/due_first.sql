-- A row: the step that a client of the tier NEW is in, counted in days since it became effective; a step is there
-- from three days before its day until three days before the next one's.
-- Reads: clients_clientstanding by client range, segmentation_lifecycleevent by primary key, newest first.
INSERT INTO outreach_duestage (client_id, list, occasion, why, facts, since, due_on)
SELECT s.client_id, 'first_90_days', began.on_date::text || '+' || step.day, 'day_' || step.day,
       jsonb_build_object('start', began.on_date, 'day', step.day), began.on_date + step.day - 4,
       began.on_date + step.day
FROM clients_clientstanding AS s
CROSS JOIN LATERAL (
    SELECT e.on_date FROM segmentation_lifecycleevent AS e
    WHERE e.client_id = s.client_id AND e.on_date <= %(as_of)s::date AND e.event IN ('EFFECTIVE', 'REACTIVATED')
    ORDER BY e.on_date DESC LIMIT 1
) AS began
JOIN unnest(%(step_days)s::int[], %(next_days)s::int[]) AS step (day, next_day)
  ON %(as_of)s::date BETWEEN began.on_date + step.day - 3 AND began.on_date + step.next_day - 4
WHERE s.client_id BETWEEN %(lo)s AND %(hi)s AND s.held AND s.tier = 'NEW'
  AND NOT EXISTS (SELECT 1 FROM clients_client m WHERE m.id = s.client_id AND m.merged_into_id IS NOT NULL)
