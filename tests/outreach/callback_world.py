"""Callbacks for tests: clients to be called, at a moment within the hours of calls."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from clients.models import Client
from outreach.actions.callbacks import Told
from outreach.models import Callback, CallbackProgramme
from staff.models import Unit
from tests.clients.people import make_client

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 30)
MORNING = datetime(2026, 11, 30, 10, 0, tzinfo=SHANGHAI)
FINE = {"q1": "yes", "q2": "yes", "q3": "yes", "q4": "yes", "q5": "yes", "q6": "no", "q7": "yes"}
REACHED = Told(outcome="reached", answers=FINE)
UNANSWERED = Told(outcome="no_answer", reason="busy")


def callback(unit: Unit, no: str, *, at: datetime = MORNING, due_on: date = TODAY, **told: Any) -> Callback:
    """A new account to be called from this moment on."""
    told.setdefault("manager_no", "")
    client = make_client(unit, no, opened_on=due_on - timedelta(days=30), **told)
    return begin(client, at=at, due_on=due_on)


def begin(client: Client, *, at: datetime = MORNING, due_on: date = TODAY, **fields: Any) -> Callback:
    """A callback of this client as the morning's enrolment makes it."""
    fields.setdefault("kind", "new_account")
    programme = CallbackProgramme.objects.get(kind=fields["kind"], state="in_force")
    return Callback.objects.create(
        client=client, programme=programme, branch=client.branch, occasion_on=due_on - timedelta(days=30),
        due_on=due_on, next_at=at, **fields,
    )  # fmt: skip
