"""Pages of the client record, by subject."""

from clients.views.record import visible_client

__all__ = ["visible_client"]
