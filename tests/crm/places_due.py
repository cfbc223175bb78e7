"""Due contacts and figures of the plan for the access matrix, in the callers' own and in other units."""

from datetime import date
from typing import Any

from clients.models import Client
from outreach.models import DueContact, PlanKept

DAY = date(2026, 1, 5)


def due_places(clients: dict[str, Client]) -> dict[str, Any]:
    """An entry of a client of 1001 and of 1002, and a month's figures of each."""
    made = {}
    for name in ("own", "next"):
        client = clients[name]
        place = {"branch": client.branch, "manager_no": client.manager_no, "tier": "V4"}
        made[f"due_{name}"] = DueContact.objects.create(
            client=client, list="plan", occasion="x", why="never", facts={"days": 30}, opened_on=DAY,
            since=DAY, due_on=DAY, **place,
        ).pk  # fmt: skip
        PlanKept.objects.create(month=DAY.replace(day=1), due=2, kept=1, **place)
    return made
