"""Advocates (S11): clients who recommend us and have no open complaint, as it was known on the day."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from cases.models import Case, CaseEvent, CaseType, Complaint, TypeVersion
from clients.models import Client, ClientStanding, Relation
from interactions.models import (
    ChannelEvent,
    Conversation,
    Delivery,
    Line,
    Survey,
    SurveyKind,
    SurveyRule,
)
from segmentation.models import LifecycleEvent
from staff.models import Unit
from tests.clients.people import make_client
from tests.segmentation.test_scores import publish_ladder
from tests.segmentation.world import World
from trading.business_time import SHANGHAI

pytestmark = pytest.mark.django_db
FIRST = date(2024, 5, 1)
MONTHS, NPS = 24, 9


def moment(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=SHANGHAI)


def rate(line: Line, client: Client, mark: int, at: datetime) -> None:
    """The client said how likely it is to recommend us."""
    number = ChannelEvent.objects.count()
    talk = Conversation.objects.create(
        line=line, channel="phone", thread=f"t{number}", direction="in", unit=line.unit, client=client,
        opened_at=at, recommend=mark,
    )  # fmt: skip
    ChannelEvent.objects.create(
        line=line, event_id=f"r{number}", kind="rating", occurred_at=at, told={"recommend": mark}, raw=b"",
        state="applied", conversation=talk,
    )  # fmt: skip


def rate_after_case(line: Line, client: Client, mark: int, at: datetime) -> None:
    """As `rate`, in the survey after a case: no conversation knows of it."""
    number = Survey.objects.count()
    rule = SurveyRule.objects.get_or_create(kind=SurveyKind.CASE, line=None, category=None)[0]
    message = Delivery.objects.create(
        line=line, client=client, purpose="service", recipient=b"x", body=b"x", due_at=at, requested_by="x"
    )
    Survey.objects.create(
        ask_key=f"case:{number}", kind=SurveyKind.CASE, about=f"case:{number}", rule=rule, client=client,
        line=line, delivery=message, token_index=str(number).encode(), asked_at=at - timedelta(days=1),
        expires_at=at + timedelta(days=1), answered_at=at, satisfaction=5, recommend=mark,
    )  # fmt: skip


def refer(client: Client, friend: Client, since: date, until: date | None = None) -> None:
    Relation.objects.create(
        client=friend, other=client, kind="referred_by", from_date=since, to_date=until, added_by="x"
    )


def complain(client: Client, received: date, *states: tuple[str, datetime]) -> Case:
    """A complaint, and when it came to which states; "merged" for joining another one."""
    kind = CaseType.objects.get(code="complaint")
    case = Case.objects.create(
        type=kind, type_version=TypeVersion.objects.get(type=kind), is_complaint=True, client=client,
        unit=client.branch, subject="x", state_since=moment(received), opened_at=moment(received),
        opened_by="x",
    )  # fmt: skip
    Complaint.objects.create(case=case, received_on=received)
    for state, at in states:
        kind_of_event = "merged" if state == "merged" else "state_changed"
        CaseEvent.objects.create(case=case, at=at, kind=kind_of_event, who="x", detail={"new": state})
    return case


@pytest.fixture
def line(units: dict[str, Unit]) -> Line:
    return Line.objects.create(code="hot", adapter="hotline", name="Hotline", unit=units["HQ"])


def advocates(as_of: date) -> set[int]:
    with connection.cursor() as cursor:
        arguments = [1, 10**12, as_of, MONTHS, NPS]
        cursor.execute("SELECT client_id FROM segmentation_advocates(%s, %s, %s, %s, %s)", arguments)
        return {row[0] for row in cursor.fetchall()}


@dataclass
class Known:
    """What a plain reading of the rule needs of one client."""

    ratings: list[tuple[datetime, int]] = field(default_factory=list)
    friends: list[tuple[date, date | None, date]] = field(default_factory=list)
    complaints: list[tuple[date, list[tuple[str, datetime]]]] = field(default_factory=list)

    def is_advocate(self, day: date) -> bool:
        end = moment(day, 0).replace(minute=0) + timedelta(days=1)
        marks = [mark for at, mark in sorted(self.ratings) if at < end]
        content = bool(marks) and marks[-1] >= NPS
        converted = any(
            since <= day and (until is None or until > day) and became <= day < _months_later(became)
            for since, until, became in self.friends
        )
        return (content or converted) and not any(self._open(one, day, end) for one in self.complaints)

    @staticmethod
    def _open(complaint: tuple[date, list[tuple[str, datetime]]], day: date, end: datetime) -> bool:
        received, states = complaint
        so_far = [state for state, at in states if at < end]
        last = so_far[-1] if so_far else "new"
        return received <= day and last not in ("resolved", "closed", "merged")


def _months_later(day: date) -> date:
    """24 months later; the days of these tests are all before the 29th."""
    return day.replace(year=day.year + MONTHS // 12)


def test_whoever_recommends_us_agrees_with_a_plain_reading(line: Line, units: dict[str, Unit]) -> None:
    draw = random.Random(11)
    friends = [make_client(units["1001"], f"F{number}") for number in range(30)]
    known = {make_client(units["1001"], f"C{number}"): Known() for number in range(60)}
    for number, (client, facts) in enumerate(known.items()):
        _ratings(draw, line, client, facts)
        _complaints(draw, client, facts)
        if number < len(friends):
            _friend(draw, client, friends[number], facts)
    seen = set()
    for days in range(0, 40, 3):
        day = FIRST + timedelta(days=days)
        expected = {client.pk for client, facts in known.items() if facts.is_advocate(day)}
        assert advocates(day) == expected, day
        seen.add(len(expected))
    assert min(seen) > 0 and len(seen) > 3  # neither always the same nor nobody


def _at(draw: random.Random) -> datetime:
    return moment(FIRST + timedelta(days=draw.randrange(40)), draw.choice([0, 7, 8, 12, 23]))


def _ratings(draw: random.Random, line: Line, client: Client, facts: Known) -> None:
    moments = sorted({_at(draw) for _number in range(draw.choice([0, 1, 1, 2]))})
    for at in moments:
        mark = draw.choice([3, 8, 9, 10])
        facts.ratings.append((at, mark))
        draw.choice([rate, rate_after_case])(line, client, mark, at)


def _complaints(draw: random.Random, client: Client, facts: Known) -> None:
    for _number in range(draw.choice([0, 0, 1, 2])):
        received = FIRST + timedelta(days=draw.randrange(30))
        chain = draw.choice([[], ["open"], ["open", "resolved"], ["merged"],
                             ["resolved", "closed", "reopened"], ["resolved", "closed"]])  # fmt: skip
        states = [
            (state, moment(received + timedelta(days=3 * place), 23)) for place, state in enumerate(chain)
        ]
        facts.complaints.append((received, states))
        complain(client, received, *states)


def _friend(draw: random.Random, client: Client, friend: Client, facts: Known) -> None:
    since = FIRST + timedelta(days=draw.randrange(20))
    until = since + timedelta(days=10) if draw.random() < 0.3 else None
    became = since + timedelta(days=draw.randrange(5)) if draw.random() < 0.7 else date(2022, 5, 14)
    facts.friends.append((since, until, became))
    refer(client, friend, since, until)
    LifecycleEvent.objects.create(
        client=friend, on_date=became, event="EFFECTIVE", month=became.replace(day=1), branch=friend.branch
    )


def test_the_standing_says_so_and_goes_back_again(world: World, line: Line) -> None:
    for no, families in (("CONTENT", 2), ("REFERS", 2), ("ANGRY", 2), ("SMALL", 1), ("CLIENT", 2)):
        world.months(world.client(no), "2024-01", "2024-05", 20_000, product_families=families, trades=1)
    world.months(world.client("FRIEND", opened_on=date(2024, 2, 1)), "2024-02", "2024-05", 20_000)
    clients, at = world.clients, moment(date(2024, 5, 3))
    for no in ("CONTENT", "ANGRY", "SMALL"):
        rate(line, clients[no], 9, at)
    refer(clients["REFERS"], clients["FRIEND"], date(2024, 2, 1))
    case = complain(clients["ANGRY"], date(2024, 5, 2))
    publish_ladder()
    world.run("2024-05-12")
    assert _stages() == {
        "CONTENT": "advocate", "REFERS": "advocate", "ANGRY": "client", "SMALL": "repeat", "CLIENT": "client",
        "FRIEND": "prospect",
    }  # fmt: skip
    CaseEvent.objects.create(
        case=case, at=moment(date(2024, 5, 13)), kind="state_changed", who="x", detail={"new": "resolved"}
    )
    world.run("2024-05-13")
    assert _stages()["ANGRY"] == "advocate"
    world.run("2024-05-12")  # the day before is as it was
    assert _stages()["ANGRY"] == "client"
    rate(line, clients["CONTENT"], 6, moment(date(2024, 5, 12)))
    world.run("2024-05-12")
    assert _stages()["CONTENT"] == "client"


def _stages() -> dict[str, str]:
    return dict(ClientStanding.objects.values_list("client__client_no", "stage"))
