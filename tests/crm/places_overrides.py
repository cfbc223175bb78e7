"""Tiers by hand for the access matrix, of a client in the callers' own and in another unit."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from clients.models import Client
from segmentation.models import TierOverride

FIRST, LAST = date(2026, 1, 5), date(2026, 12, 31)


def override_places(clients: dict[str, Client], cast: SimpleNamespace) -> dict[str, Any]:
    """One that waits for a client of 1001 and for one of 1002."""
    return {
        f"override_{name}": TierOverride.objects.create(
            client=clients[name], tier="V4", reason="asked", from_on=FIRST, until_on=LAST,
            proposed_by=cast.branch_manager_1002, proposed_at="2026-01-05T03:00:00Z",
        ).pk
        for name in ("own", "next")
    }  # fmt: skip
