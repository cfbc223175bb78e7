"""Clocks: which time holds, pausing and going on, the whole table against a list of every minute."""

import random
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from cases import recompute
from cases.actions.working import add_note, change_state
from cases.models import CaseClock, ClockPause
from cases.queries.types import times_for, version_of
from clients.models import Client
from staff.models import Unit
from tests.cases.world import at, make_case
from tests.clients.people import make_client
from tests.trading.minutes import MINUTE, Minutes, minute_of
from trading.models import CalendarOverride

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_1001(units: dict[str, Unit]) -> Client:
    return make_client(units["1001"], "C000001")


def test_the_first_types_have_the_times_of_the_standard() -> None:
    version = version_of("service_request")
    assert version
    told = {
        (channel, band): {time.kind: (time.seconds, time.hours) for time in times_for(version, channel, band)}
        for channel, band in [
            ("phone", "V5-V4"),
            ("chat", "V3"),
            ("email", "V2-V1"),
            ("visit", "other"),
            ("", "V3"),
        ]
    }
    assert told == {
        ("phone", "V5-V4"): {"first_response": (10, "always"), "resolution": (28800, "working")},
        ("chat", "V3"): {"first_response": (60, "trading"), "resolution": (57600, "working")},
        ("email", "V2-V1"): {"first_response": (28800, "working"), "resolution": (86400, "working")},
        ("visit", "other"): {"first_response": (900, "always"), "resolution": (86400, "working")},
        ("", "V3"): {"resolution": (57600, "working")},
    }


def test_complaints_have_the_times_of_the_law(cast: SimpleNamespace, client_1001: Client) -> None:
    with time_machine.travel(at("2026-11-23 10:00"), tick=False):
        case = make_case(cast.agent_1001, client_1001, "complaint")
    due = {clock.kind: clock.due_at for clock in case.clocks.all()}
    assert due == {
        "acknowledge": at("2026-11-24 10:00"),
        "contact": at("2026-11-26 10:00"),
        "resolution": at("2026-11-30 10:00"),
        "hard_stop": at("2027-01-22 10:00"),
    }
    assert all(clock.statutory for clock in case.clocks.all())
    assert case.next_due_at == at("2026-11-24 10:00")


def test_waiting_on_the_client_stops_the_clock_over_lunch_and_night(
    cast: SimpleNamespace, client_1001: Client
) -> None:
    with time_machine.travel(at("2026-11-23 10:00"), tick=False):
        case = make_case(cast.agent_1001, client_1001)  # no tier: three working days
    with time_machine.travel(at("2026-11-23 15:00"), tick=False):
        change_state(actor=cast.agent_1001, case=case, state="waiting_client")
    clock = case.clocks.get(kind="resolution")
    assert (clock.state, clock.due_at, clock.next_at) == ("paused", None, None)
    with time_machine.travel(at("2026-11-25 11:00"), tick=False):
        change_state(actor=cast.agent_1001, case=case, state="open")
    clock.refresh_from_db()
    assert (clock.state, clock.due_at) == ("running", at("2026-11-27 14:00"))
    assert [(one.from_at, one.to_at) for one in clock.pauses.all()] == [
        (at("2026-11-23 15:00"), at("2026-11-25 11:00"))
    ]


def test_clocks_of_the_law_do_not_pause(cast: SimpleNamespace, client_1001: Client) -> None:
    case = make_case(cast.agent_1001, client_1001, "complaint")
    before = list(case.clocks.values_list("kind", "due_at"))
    change_state(actor=cast.agent_1001, case=case, state="waiting_client")
    assert list(case.clocks.values_list("kind", "due_at")) == before
    assert not ClockPause.objects.exists()


def test_a_reply_ends_what_waited_for_it(cast: SimpleNamespace, client_1001: Client) -> None:
    with time_machine.travel(at("2026-11-23 10:00"), tick=False) as now:
        case = make_case(cast.agent_1001, client_1001, channel="email")
        now.shift(timedelta(hours=9))
        add_note(actor=cast.agent_1001, case=case, text="internal")
        assert case.clocks.get(kind="first_response").ended_at is None
        add_note(actor=cast.agent_1001, case=case, text="told", kind="reply")
    first = case.clocks.get(kind="first_response")
    assert (first.state, first.ended_at) == ("met", at("2026-11-23 19:00"))  # 7 of 8 working hours passed


def test_late_is_late(cast: SimpleNamespace, client_1001: Client) -> None:
    with time_machine.travel(at("2026-11-23 10:00"), tick=False) as now:
        case = make_case(cast.agent_1001, client_1001, channel="phone")
        now.shift(timedelta(seconds=21))
        add_note(actor=cast.agent_1001, case=case, text="told", kind="contact")
    assert case.clocks.get(kind="first_response").state == "breached"


def test_calendar_told_anew_moves_running_deadlines(cast: SimpleNamespace, client_1001: Client) -> None:
    with time_machine.travel(at("2026-11-23 10:00"), tick=False):
        case = make_case(cast.agent_1001, client_1001)
        CalendarOverride.objects.create(day=date(2026, 11, 24), is_open=False, reason="typhoon")
        assert recompute.evaluate() == 1
        assert recompute.evaluate() == 0
    clock = case.clocks.get()
    assert (clock.due_at, clock.next_at) == (at("2026-11-27 10:00"), clock.warn_at)
    case.refresh_from_db()
    assert case.next_due_at == clock.due_at


def test_the_whole_table_is_as_the_minutes_say(cast: SimpleNamespace, client_1001: Client) -> None:
    chance = random.Random(5)
    CalendarOverride.objects.create(day=date(2026, 3, 4), is_open=False, reason="x")
    CalendarOverride.objects.create(day=date(2026, 2, 28), is_open=True, reason="x")
    overrides = {date(2026, 3, 4): False, date(2026, 2, 28): True}
    slow = {
        hours: Minutes(date(2026, 1, 1), date(2026, 12, 31), overrides, hours)
        for hours in ("always", "trading", "working")
    }
    case = make_case(cast.agent_1001, client_1001)
    case.clocks.all().delete()
    expected = _random_clocks(case.pk, chance, slow)
    assert recompute.evaluate() == len(expected) == 5000
    rows = CaseClock.objects.order_by("pk").values_list("pk", "due_at")
    assert dict(rows) == expected


def _random_clocks(case_id: int, chance: random.Random, slow: dict[str, Minutes]) -> dict[int, datetime]:
    """5 000 running clocks with some pauses, and when each is over by walking the minutes."""
    wrong = datetime(2030, 1, 1, tzinfo=UTC)
    kinds = ("first_response", "acknowledge", "contact", "resolution", "hard_stop")
    made = CaseClock.objects.bulk_create(
        CaseClock(
            case_id=case_id, kind=kinds[number % 5], round=number // 5 + 1,
            hours=chance.choice(["always", "trading", "working"]), seconds=300 * chance.randint(1, 1000),
            started_at=datetime(2026, 1, 2, tzinfo=UTC) + chance.randrange(150 * 1440) * MINUTE,
            warn_at=wrong, due_at=wrong, next_at=wrong,
        )
        for number in range(5000)
    )  # fmt: skip
    pauses: dict[int, list[tuple[datetime, datetime]]] = {}
    for clock in made[::8]:  # a clock that is over pauses no more
        whole = clock.seconds // 60
        offset = chance.randrange(whole)
        since = clock.started_at + offset * MINUTE
        pauses[clock.pk] = [(since, since + chance.randrange(3000) * MINUTE)]
        if chance.random() < 0.5:
            later = pauses[clock.pk][0][1] + chance.randrange(whole - offset) * MINUTE
            pauses[clock.pk].append((later, later + chance.randrange(3000) * MINUTE))
    ClockPause.objects.bulk_create(
        ClockPause(clock_id=pk, from_at=since, to_at=until)
        for pk, spans in pauses.items()
        for since, until in spans
    )
    return {clock.pk: _ends(clock, slow[clock.hours], pauses.get(clock.pk, [])) for clock in made}


def _ends(clock: CaseClock, slow: Minutes, pauses: list[tuple[datetime, datetime]]) -> datetime:
    """Walks the minutes that count and lie in no pause, whatever the arithmetic of intervals says."""
    if not pauses:
        return slow.add(clock.started_at, clock.seconds // 60)
    minute, left = minute_of(clock.started_at), clock.seconds // 60
    spans = [(minute_of(since), minute_of(until)) for since, until in pauses]
    counted = set(slow.all) if not slow.always else None
    passed = 0
    while left:
        counts = (counted is None or minute + passed in counted) and not any(
            since <= minute + passed < until for since, until in spans
        )
        left -= counts
        passed += 1
    return clock.started_at + passed * MINUTE
