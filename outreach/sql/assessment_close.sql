-- One row: an open task about a risk assessment whose client has one by now that ends later than the one the
-- task tells of (occurs_on), or needs none any more; done by the system.
-- Reads clients_client by its key; served by task_by_rule.
UPDATE outreach_task AS task
SET state = 'done', done_at = now(), done_by = %(actor_name)s, version = task.version + 1, updated_at = now()
FROM clients_client AS client
WHERE client.id = task.client_id AND task.kind = %(kind)s AND task.state = 'open'
  AND ((client.risk_assessed_on + make_interval(years => %(years)s))::date > task.occurs_on
       OR client.status IN ('closed', 'deceased') OR client.merged_into_id IS NOT NULL)
