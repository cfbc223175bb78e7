"""What stands beside a call, whatever it is for: who the client is and what was said lately."""

from dataclasses import dataclass
from typing import Any

from clients.models import Client
from clients.queries import record
from interactions.models import Interaction
from interactions.queries.log import log_of

LATELY = 4


@dataclass(frozen=True)
class Beside:
    """Of the client: the masked mobile, tier, warnings of the record, and the last contacts in sight."""

    client: Client
    mobile: str
    tier: str
    warnings: list[Any]
    contacts: list[Interaction]


def beside(client: Client, user: Any, today: Any) -> Beside:
    standing = getattr(client, "standing", None)
    contacts = []
    if user.may("interactions.view"):
        rows = log_of(user).filter(client_id=client.pk).select_related("agent", "category")
        contacts = list(rows.order_by("-started_at", "-id")[:LATELY])
    return Beside(
        client=client, mobile=record.profile(client, user).mobile, contacts=contacts,
        tier=(standing.tier or "") if standing else "", warnings=record.warnings(client, today),
    )  # fmt: skip
