"""REST of the client record, by subject."""

from clients.api.record import caller_client

__all__ = ["caller_client"]
