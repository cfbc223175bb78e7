"""What the outside tells of the demo's lines while a journey goes on, signed as the outside signs."""

from typing import Any
from uuid import uuid4

from django.test import Client as Browser
from django.utils import timezone

from clients.identifiers import unseal
from clients.models import Client
from interactions.actions.lines import secrets_of
from interactions.models import Line
from staff.models import Person
from tests.interactions import outside


def tell(code: str, kind: str, **more: Any) -> None:
    """An event of the line of this code."""
    line = Line.objects.get(code=code)
    body = {"event_id": f"j-{uuid4()}", "type": kind, "occurred_at": timezone.now().isoformat(), **more}
    secret = secrets_of(line)["signing"]
    answer = Browser().post(f"/api/v1/channels/{code}/events", **outside.signed(body, secret=secret))
    assert answer.status_code == 200, answer.content


def mobile_of(client: Client) -> str:
    return unseal(client.client_no, "mobile", client.mobile)


def ring(thread: str, client: Client, agent: Person) -> None:
    """The client calls the hotline, waits, and is answered by this agent."""
    for kind in ("newCall", "queued", "answer"):
        tell("hotline", kind, conversation_id=thread, external_user_id=mobile_of(client),
             agent=agent.employee_no if kind == "answer" else "")  # fmt: skip
