"""The demo's desk: a line for each channel, somebody there, and what came in this morning."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from clients.models import Client
from crm.demo_loading.asked import ACTOR
from crm.demo_loading.served import make_served
from interactions.actions import desk, lines
from interactions.actions.arrival import receive_envelopes
from interactions.channels import Envelope
from interactions.models import Conversation, Line
from staff.models import Person, Unit

UNKNOWN = "01080001234"
ANSWERS = "liu.siqi"
CALL = (("ring", 0), ("queued", 3), ("answer", 14), ("hold", 60), ("resume", 85), ("hangup", 320))
WRITTEN = (
    ("chat", "app-user-1", "两融合约展期怎么办理？"),
    ("wecom", "wm-demo-1", "您好，想约本周的资产配置回顾。"),
    ("sms", UNKNOWN, "请问你们营业部周末上班吗"),
    ("weibo", "weibo-demo-1", "APP 今天登录很慢"),
)
"""Line, who writes, and what; all of them still wait for an answer."""


def make_desk() -> None:
    """Opens the lines and lets the first contacts come in, unless that was done before."""
    if Conversation.objects.exists():
        return
    opened = lines.seed_lines(actor=ACTOR, unit=Unit.objects.get(code="HQ"))
    begun = timezone.now() - timedelta(minutes=40)
    _call(opened["hotline"], begun, agent=ANSWERS)
    _rings_in_vain(opened["hotline"], begun + timedelta(minutes=9))
    for minutes, (line, sender, text) in enumerate(WRITTEN, start=20):
        _tell(opened[line], "message", begun + timedelta(minutes=minutes), sender, payload={"text": text})
    _know_somebody()
    make_served(opened)


def _call(line: Line, begun: datetime, agent: str) -> None:
    for kind, seconds in CALL:
        at = begun + timedelta(seconds=seconds)
        _tell(line, kind, at, UNKNOWN, thread="demo-call-1", agent=agent if kind == "answer" else "")


def _rings_in_vain(line: Line, begun: datetime) -> None:
    for kind, seconds in (("ring", 0), ("queued", 2), ("hangup", 41)):
        _tell(line, kind, begun + timedelta(seconds=seconds), "", thread="demo-call-2")


def _tell(line: Line, kind: str, at: datetime, sender: str, **more: Any) -> None:
    number = f"demo-{kind}-{at:%H%M%S}"
    envelope = Envelope(event_id=number, kind=kind, occurred_at=at, external_user_id=sender, **more)
    receive_envelopes(line=line, envelopes=[envelope])


def _know_somebody() -> None:
    """The call was by a client of the agent's branch."""
    call = Conversation.objects.get(thread="demo-call-1")
    client = Client.objects.filter(branch__code="1001", status=Client.Status.NORMAL).earliest("client_no")
    desk.name_client(actor=Person.objects.get(username=ANSWERS), conversation=call, client=client)
