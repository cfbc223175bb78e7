"""A generated day over HTTP, with duplicates, disorder and forgeries: it stands as planned."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Count as Number
from django.test import Client as Browser

from clients import identifiers
from clients.models import Client
from core import audit
from crm.simulator.check import counted, differences
from crm.simulator.day import Asked, Day, make_day
from crm.simulator.plan import CALLS
from crm.simulator.player import Answer, Known, Tally, play, tellings
from crm.simulator.speech import Post
from interactions.actions.lines import secrets_of, seed_lines
from interactions.models import Assignment, ChannelEvent, Contact, Conversation, Message
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
START = (datetime.now(UTC) - timedelta(days=2)).replace(hour=1, minute=0, second=0, microsecond=0)
KNOWN = {"13812345678": "C000001", "13912345678": "C000002", "15012345678": "C000003"}


class InProcess:
    """The same calls through Django's test client."""

    def __init__(self) -> None:
        self.browser = Browser()

    def post(self, post: Post) -> Answer:
        headers = dict(post.headers)
        kind = headers.pop("Content-Type")
        answer = self.browser.post(post.path, post.body, content_type=kind, headers=headers)
        return Answer(answer.status_code, answer.content)


@pytest.fixture
def outsider(cast: Any, units: Any) -> Known:
    """The lines, and three clients who are known by their number."""
    for number, client_no in KNOWN.items():
        client = make_client(units["1001"], client_no)
        Client.objects.filter(pk=client.pk).update(mobile_index=identifiers.mobile_blind_index(number))
    lines = seed_lines(actor=audit.SYSTEM, unit=Unit.objects.get(code="HQ"))
    return Known(
        {code: line.adapter for code, line in lines.items()},
        {code: secrets_of(line) for code, line in lines.items()},
    )


def a_day(known: Known, **more: Any) -> Day:
    agents: Sequence[str] = ("G1001", "G1002", "A0001", "S1001")
    return make_day(Asked(start=START, agents=agents, lines=tuple(known.adapters), known=KNOWN, **more))


def rows() -> tuple[int, ...]:
    tables = (ChannelEvent, Conversation, Message, Contact)
    return tuple(table.objects.count() for table in tables)


def stands_as_planned(day: Day, tally: Tally) -> None:
    assert tally.wrong == []
    assert not differences(day), "\n".join(differences(day))
    assert counted(day) == day.count()
    twice = Assignment.objects.filter(to_at__isnull=True).values("conversation").annotate(n=Number("pk"))
    assert not twice.filter(n__gt=1).exists()


def test_the_same_seed_makes_the_same_day(outsider: Known) -> None:
    one, same, other = (a_day(outsider, calls=30, messages=20, seed=seed) for seed in (1, 1, 2))
    assert one == same and one.sendings() == same.sendings() and one.count() == same.count()
    assert {event.event_id for event in one.events()}.isdisjoint(event.event_id for event in other.events())
    sent = one.count()
    assert sum(sent.conversations.values()) == len(one.contacts)
    assert sent.messages_in + sent.messages_out == 20


def test_a_day_stands_as_planned(outsider: Known) -> None:
    day = a_day(outsider, calls=100, messages=70)
    sendings = day.sendings()
    true, lies = tellings(sendings)
    tally = play(sendings, outsider, InProcess)
    stands_as_planned(day, tally)
    assert (tally.accepted + tally.known + tally.silent, tally.refused) == (true, lies)
    assert rows()[0] == len(list(day.events())) == day.count().events
    before = rows()
    again = play(sendings, outsider, InProcess, together=50)
    assert (again.accepted, again.refused) == (0, lies)
    assert rows() == before
    stands_as_planned(day, again)


def test_batches_make_the_same_day(outsider: Known) -> None:
    day = a_day(outsider, calls=80, messages=60, seed=7)
    tally = play(day.sendings(), outsider, InProcess, together=40)
    stands_as_planned(day, tally)


def test_no_call_of_the_plan_both_runs_and_is_over() -> None:
    agents = ("G1001", "G1002")
    asked = Asked(start=START, agents=agents, lines=("hotline", "outbound", "visit"), known={}, calls=6000)
    stood = [one.standing for one in make_day(asked).contacts if one.standing.line in CALLS]
    assert {one.stage for one in stood} == {"running", "served", "unserved"}
    assert all((one.stage == "running") == (one.ended_at is None) for one in stood)
