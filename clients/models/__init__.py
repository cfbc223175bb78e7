"""Tables of the client record."""

from clients.models.client import (
    FIRST_DAY,
    LAST_DAY,
    Account,
    Client,
    ClientRecord,
    ClientRowsQuerySet,
    ClientStanding,
    ScopedQuerySet,
)

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Account",
    "Client",
    "ClientRecord",
    "ClientRowsQuerySet",
    "ClientStanding",
    "ScopedQuerySet",
]
