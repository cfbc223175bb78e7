"""Pages of staff: the person's own account, the start page, people, units, API clients, the audit trail."""
