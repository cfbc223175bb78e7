"""Service levels against an independent slow count in plain Python, over generated conversations."""

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from interactions import levels
from interactions.models import (
    Assignment,
    Category,
    Conversation,
    Interaction,
    LevelMark,
    Line,
    ServiceLevel,
    ServiceThreshold,
)
from tests.clients.people import make_client
from trading.models import CalendarOverride

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST, ON = date(2026, 9, 1), date(2026, 9, 16), date(2026, 9, 17)
HOLIDAY = date(2026, 9, 9)
CHANNELS = ("phone", "phone", "phone", "chat", "wecom", "email", "visit")
WAITS = (
    0,
    4,
    4.999999,
    5,
    10,
    10.000001,
    19,
    20,
    20.000001,
    21,
    30,
    60,
    61,
    120,
    7200,
    14400,
    90_000,
    500_000,
)
KEY = ("half_hour", "channel", "unit_id", "agent_id", "tier_band")
FIGURES = [field.attname for field in ServiceLevel._meta.concrete_fields if field.attname not in (*KEY, "id")]


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second), SHANGHAI)


class World:
    """Makes conversations; whatever is not said is a phone call of 1001."""

    def __init__(self, units: Any, cast: SimpleNamespace) -> None:
        self.units, self.cast, self.count = units, cast, 0
        self.line = Line.objects.create(code="hotline", adapter="hotline", name="95", unit=units["HQ"])
        self.categories = {one.code: one for one in Category.objects.all()}
        self.clients = [make_client(units["1001"], f"C00000{number}") for number in range(4)]

    def talk(self, queued: datetime, **values: Any) -> Conversation:
        self.count += 1
        fields = {
            "line": self.line, "channel": "phone", "thread": f"t{self.count}", "direction": "in",
            "unit": self.units["1001"], "opened_at": queued, "queued_at": queued,
        } | values  # fmt: skip
        return Conversation.objects.create(**fields)

    def entry(self, talk: Conversation, category: str, **values: Any) -> Interaction:
        written = Interaction.objects.create(
            client=talk.client, unit=None if talk.client else talk.unit, channel=talk.channel, direction="in",
            category=self.categories[category], started_at=talk.opened_at, summary="x", recorded_by="x",
            started_on=talk.opened_at.astimezone(SHANGHAI).date(), **values,
        )  # fmt: skip
        if "supersedes" not in values:
            Conversation.objects.filter(pk=talk.pk).update(entry=written)
        return written

    def random_talk(self, dice: random.Random) -> Conversation:
        """One conversation with times that like to lie on borders."""
        day = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days + 1))
        border = dice.choice(
            (at(day, 10), at(day, 10, 30), at(day, 0), at(day, 23, 59, 55), at(day, 11, 29, 50))
        )
        queued = border + timedelta(seconds=dice.choice((0, 0, -0.000001, 3, 600, 3599)))
        fate = dice.choice(("answered", "answered", "answered", "abandoned", "waiting", "talking"))
        decided = queued + timedelta(seconds=dice.choice(WAITS))
        ended = decided + timedelta(seconds=dice.choice((0, 1, 60.5, 1800, 90_000)))
        people = (self.cast.agent_1001, self.cast.team_lead_1001, None)
        by = dice.choice(people) if fate in ("answered", "talking") else None
        talk = self.talk(
            queued,
            opened_at=queued - timedelta(seconds=dice.choice((0, 7))),
            direction=dice.choice(("in", "in", "in", "in", "out")),
            queued_at=None if dice.random() < 0.05 else queued,
            channel=dice.choice(CHANNELS), unit=self.units[dice.choice(("1001", "1002"))],
            client=dice.choice((*self.clients, None)),
            tier=dice.choice(("V5", "V4", "V3", "V2", "V1", "NEW", "")),
            category=dice.choice((None, *self.categories.values())),
            answered_at=decided if fate in ("answered", "talking") else None, answered_by=by,
            ended_at={"answered": ended, "abandoned": decided}.get(fate),
            wrapped_at=ended + timedelta(seconds=45) if fate == "answered" and dice.random() < 0.7 else None,
            hold_seconds=dice.choice((0, 15)), satisfaction=dice.choice((None, None, 1, 3, 4, 5)),
            recommend=dice.choice((None, 0, 6, 7, 8, 9, 10)),
        )  # fmt: skip
        self.around(dice, talk)
        return talk

    def around(self, dice: random.Random, talk: Conversation) -> None:
        """Hands it went through, and an entry, sometimes corrected."""
        for step in range(dice.choice((0, 0, 1, 2))):
            Assignment.objects.create(
                conversation=talk, person=dice.choice((self.cast.agent_1001, self.cast.manager_1001a)),
                how=dice.choice(("rule", "transferred")), given_by="x",
                from_at=talk.opened_at + timedelta(seconds=step),
                to_at=talk.opened_at + timedelta(seconds=step + 1),
            )  # fmt: skip
        if dice.random() < 0.4:
            entry = self.entry(
                talk, dice.choice(sorted(self.categories)), satisfaction=dice.choice((None, 2, 5))
            )
            if dice.random() < 0.5:
                self.entry(talk, dice.choice(sorted(self.categories)), supersedes=entry, satisfaction=4)


def seconds(span: timedelta) -> Decimal:
    return max(Decimal(span // timedelta(microseconds=1)) / 1_000_000, Decimal(0))


def last_entry(talk: Conversation) -> Interaction | None:
    entry = talk.entry
    while entry and (newer := Interaction.objects.filter(supersedes=entry).first()):
        entry = newer
    return entry


def topic(talk: Conversation) -> int | None:
    entry = last_entry(talk)
    category = entry.category if entry else talk.category
    while category and category.parent:
        category = category.parent
    return category.pk if category else None


def counted(start: datetime, end: datetime, hours: str) -> Decimal:
    """Seconds of the hours that count, session by session."""
    if hours == "always":
        return seconds(end - start)
    spans = {"trading": ((9.5, 11.5), (13, 15)), "working": ((9, 17),)}[hours]
    day, total = start.astimezone(SHANGHAI).date(), Decimal(0)
    while day <= end.astimezone(SHANGHAI).date():
        if day.weekday() < 5 and day != HOLIDAY:
            for opens, closes in spans:
                total += seconds(
                    min(end, at(day, 0) + timedelta(hours=closes))
                    - max(start, at(day, 0) + timedelta(hours=opens))
                )
        day += timedelta(days=1)
    return total


def band(tier: str) -> str:
    return {"V5": "V5-V4", "V4": "V5-V4", "V3": "V3", "V2": "V2-V1", "V1": "V2-V1"}.get(tier, "other")


def came_again(talk: Conversation, about: int, everything: list[Conversation]) -> bool:
    assert talk.ended_at
    later = (one for one in everything if one.client_id == talk.client_id)
    return any(
        (one.opened_at, one.pk) > (talk.opened_at, talk.pk)
        and one.opened_at <= talk.ended_at + timedelta(days=7)
        and topic(one) == about
        for one in later
    )


def oracle(on: date = ON) -> dict[tuple, dict[str, Any]]:
    """The whole table, conversation by conversation."""
    table: dict[tuple, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    everything = list(Conversation.objects.all())
    for talk in everything:
        if talk.direction == "in" and talk.queued_at:
            key, figures = place(talk), judge(talk, everything, on)
            for name, value in figures.items():
                table[key][name] += value
    return dict(table)


def place(talk: Conversation) -> tuple:
    queued = talk.queued_at.astimezone(SHANGHAI)
    start = queued.replace(minute=queued.minute // 30 * 30, second=0, microsecond=0)
    hands = talk.assignments.order_by("from_at", "pk").last()
    agent = talk.answered_by_id or (hands.person_id if hands else None)
    return (start, talk.channel, talk.unit_id, agent, band(talk.tier))


def judge(talk: Conversation, everything: list[Conversation], on: date) -> dict[str, Any]:
    figures: dict[str, Any] = {"offered": 1}
    figures["transferred"] = int(talk.assignments.filter(how="transferred").exists())
    if talk.answered_at or talk.ended_at:
        kind = "answered" if talk.answered_at else "abandoned"
        decided = talk.answered_at or talk.ended_at
        wait = seconds(decided - talk.queued_at)
        asked = ServiceThreshold.objects.get(channel=talk.channel, tier_band=band(talk.tier))
        figures[kind] = 1
        figures[f"{kind}_in_20"] = int(wait <= 20)
        figures[f"{kind}_in_target"] = int(counted(talk.queued_at, decided, asked.hours) <= asked.seconds)
        figures["answer_seconds" if talk.answered_at else "abandon_seconds"] = wait
        if not talk.answered_at:
            figures["abandoned_in_5"] = int(wait < 5)
    if talk.answered_at and talk.ended_at:
        figures |= handling(talk, everything, on)
    return figures | opinions(talk)


def handling(talk: Conversation, everything: list[Conversation], on: date) -> dict[str, Any]:
    wrap = seconds(talk.wrapped_at - talk.ended_at) if talk.wrapped_at else Decimal(0)
    figures: dict[str, Any] = {
        "handled": 1, "handle_seconds": seconds(talk.ended_at - talk.answered_at) + wrap,
        "wrap_seconds": wrap, "hold_seconds": talk.hold_seconds,
    }  # fmt: skip
    about = topic(talk)
    if talk.client_id and about:
        if talk.ended_at.astimezone(SHANGHAI).date() + timedelta(days=7) < on:
            figures |= {"fcr_known": 1, "fcr_resolved": int(not came_again(talk, about, everything))}
        else:
            figures["fcr_open"] = 1
    return figures


def opinions(talk: Conversation) -> dict[str, int]:
    entry = last_entry(talk)
    rating = talk.satisfaction if talk.satisfaction is not None else entry.satisfaction if entry else None
    figures = {}
    if rating is not None:
        figures = {"rated": 1, "satisfied": int(rating >= 4), "rating_sum": rating}
    if talk.recommend is not None:
        figures["recommend_given"] = 1
        figures["promoters"] = int(talk.recommend >= 9)
        figures["detractors"] = int(talk.recommend <= 6)
    return figures


def table() -> dict[tuple, dict[str, Any]]:
    return {
        tuple(row[name] for name in KEY): {name: row[name] for name in FIGURES}
        for row in ServiceLevel.objects.values(*KEY, *FIGURES)
    }


@pytest.fixture
def world(units, cast) -> World:
    CalendarOverride.objects.create(day=HOLIDAY, is_open=False, reason="x")
    return World(units, cast)


@pytest.mark.parametrize("seed", range(3))
def test_every_row_is_what_a_slow_count_gives(world, seed: int) -> None:
    dice = random.Random(seed)
    for _number in range(200):
        world.random_talk(dice)
    written = levels.rebuild(FIRST - timedelta(days=1), LAST + timedelta(days=1), on=ON)
    expected = oracle()
    assert table() == expected
    assert written == len(expected) > 100
    assert levels.rebuild(FIRST - timedelta(days=1), LAST + timedelta(days=1), on=ON) == 0


def test_day_by_day_gives_the_same_as_all_at_once(world) -> None:
    dice = random.Random(7)
    for _number in range(120):
        world.random_talk(dice)
    for back in range((LAST - FIRST).days + 3):
        day = LAST + timedelta(days=1) - timedelta(days=back)
        levels.rebuild(day, day, on=ON)
    whole = table()
    ServiceLevel.objects.all().delete()
    levels.rebuild(FIRST - timedelta(days=1), LAST + timedelta(days=1), on=ON)
    assert table() == whole == oracle()


def test_what_changes_later_makes_its_days_anew(world) -> None:
    """Changes of every sort to old days are found by the marks alone."""
    dice = random.Random(11)
    talks = [world.random_talk(dice) for _number in range(120)]
    levels.refresh()
    assert not LevelMark.objects.exists()
    today = levels.today()
    assert table() == oracle(today)
    for talk in dice.sample(talks, 12):
        talk.refresh_from_db()
        talk.client = dice.choice(world.clients)
        talk.category = dice.choice(list(world.categories.values()))
        talk.queued_at = talk.opened_at + timedelta(seconds=9)
        talk.save()
    for entry in Interaction.objects.filter(superseded_by__isnull=True)[:5]:
        talk = Conversation.objects.filter(entry=entry).first()
        if talk:
            world.entry(talk, "complaint", supersedes=entry, satisfaction=1)
    Assignment.objects.create(
        conversation=talks[3], person=world.cast.manager_1001a, how="transferred", given_by="x",
        from_at=at(LAST, 12),
    )  # fmt: skip
    assert LevelMark.objects.exists()
    assert levels.refresh() > 0
    assert table() == oracle(today)
    assert levels.refresh() == 0


def test_a_repeat_call_counts_against_the_first_and_waits_for_its_days(world) -> None:
    client, enquiry = world.clients[0], world.categories["enquiry.trading"]
    first = at(date(2026, 9, 1), 10)
    values = {"client": client, "answered_by": world.cast.agent_1001}
    for start, category in (
        (first, enquiry),
        (first + timedelta(days=7), world.categories["enquiry.market"]),
    ):
        world.talk(
            start, category=category, answered_at=start, ended_at=start + timedelta(minutes=1), **values
        )
    levels.rebuild(FIRST, LAST, on=date(2026, 9, 8))
    early = ServiceLevel.objects.get(half_hour=first)
    assert (early.fcr_known, early.fcr_resolved, early.fcr_open) == (0, 0, 1)
    levels.rebuild(FIRST, LAST, on=date(2026, 9, 16))
    rows = ServiceLevel.objects.order_by("half_hour").values_list("fcr_known", "fcr_resolved", "fcr_open")
    assert list(rows) == [(1, 0, 0), (1, 1, 0)]
