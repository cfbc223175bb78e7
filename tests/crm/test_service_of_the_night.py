"""What is done at the desk by day costs the client's value in the same night: real minutes, real messages."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from clients.models import Client
from core import audit
from interactions.actions import deliveries, desk
from interactions.actions.arrival import receive_envelopes
from interactions.actions.lines import seed_lines
from interactions.channels import Envelope
from interactions.models import Conversation, Line, ServiceMonth
from segmentation.models import ClientScore, Contribution
from staff.models import Unit
from tests.crm.night_world import LAST, load_days, night, write_days

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 8, 31, 11, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
AUGUST = date(2026, 8, 1)


@pytest.fixture(autouse=True)
def one_thread(settings: Any) -> None:
    settings.RECOMPUTE_THREADS = 1


def tell(line: Line, kind: str, seconds: int, **more: Any) -> None:
    told = Envelope(
        event_id=f"{kind}-{seconds}", kind=kind, occurred_at=NOON + timedelta(seconds=seconds), **more
    )
    receive_envelopes(line=line, envelopes=[told])


def end(talk: Conversation, person: Any, client: Client) -> None:
    desk.name_client(actor=person, conversation=talk, client=client)
    desk.wrap_up(actor=person, conversation=talk, wrap=desk.Wrap(category="enquiry", summary="咨询"))


def test_a_call_and_a_chat_lower_the_contribution_of_the_day(cast: Any, tmp_path: Path) -> None:
    """A call of 5 minutes at 1.20 and 3 messages at 0.10: 6.30 less, for this client and nobody else."""
    with time_machine.travel(NOON + timedelta(hours=2), tick=True):
        load_days(write_days(tmp_path))
        served = Client.objects.earliest("client_no")
        lines = seed_lines(actor=audit.SYSTEM, unit=Unit.objects.get(code="HQ"))
        agent = cast.agent_hq
        for kind, seconds in (("ring", 0), ("queued", 2), ("answer", 10), ("hangup", 310)):
            who = agent.username if kind == "answer" else ""
            tell(lines["hotline"], kind, seconds, thread="call", external_user_id="02155550000", agent=who)
        end(Conversation.objects.get(thread="call"), agent, served)
        for seconds in (600, 640):
            tell(lines["chat"], "message", seconds, external_user_id="app-1", payload={"text": "在吗"})
        chat = desk.take(actor=agent, conversation=Conversation.objects.get(channel="chat"))
        deliveries.reply(actor=agent, conversation=chat, text="在的")
        end(chat, agent, served)
    night(LAST)
    month = ServiceMonth.objects.get(client=served, month=AUGUST)
    assert (month.minutes, month.messages, month.cost) == (Decimal("5.00"), 3, Decimal("6.3000"))
    contributions = dict(
        Contribution.objects.filter(month=AUGUST).values_list("client_id", "contribution").order_by()
    )
    income = {row.client_id: row.contribution + row.service_cost for row in Contribution.objects.all()}
    lower = {client: income[client] - contributions[client] for client in contributions}
    assert {client: cost for client, cost in lower.items() if cost} == {served.pk: Decimal("6.3000")}
    assert ClientScore.objects.filter(client=served, as_of=LAST).exists()
