"""The common ground of the REST API: callers, rights, errors, paging, idempotency, versions, rates."""
