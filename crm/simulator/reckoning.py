"""What a day must add up to: half hours, agents, entries of the log and their cost, counted from the plan.

Written from the formulas (docs/service-levels.md, the rates a brokerage starts with) and not from the house's
statements, so that a mistake on one side does not hide on the other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from crm.simulator.day import Day
from crm.simulator.plan import CALLS, Standing
from crm.simulator.system import Filing

HALF_HOUR = timedelta(minutes=30)
PER_MINUTE = {
    "phone": "1.2", "visit": "2", "wecom": "0.8", "wechat": "0.8", "chat": "0.8", "sms": "0", "email": "1",
    "weibo": "0.8",
}  # fmt: skip
PER_MESSAGE = {
    "phone": "0", "visit": "0", "wecom": "0.1", "wechat": "0.1", "chat": "0.1", "sms": "0.05",
    "email": "0.02",
    "weibo": "0.1",
}  # fmt: skip
Figures = Counter[str]


@dataclass(frozen=True)
class Entry:
    """An entry of the log as it must be in force."""

    channel: str
    direction: str
    outcome: str
    minutes: Decimal
    messages: int
    client: str


def half_hours(day: Day) -> dict[tuple[datetime, str], Figures]:
    """Figures of incoming contacts by the half hour of queueing and channel."""
    found: dict[tuple[datetime, str], Figures] = defaultdict(Counter)
    for one in _incoming(day):
        if one.queued_at:
            found[_half_hour(day, one.queued_at), one.channel].update(_figures(one, one.queued_at))
    return dict(found)


def agents(day: Day) -> dict[str, Figures]:
    """Figures of answered calls and visits by the employee number of who had them in the end."""
    found: dict[str, Figures] = defaultdict(Counter)
    for one in _incoming(day):
        if one.line in CALLS and one.answered_by and one.queued_at:
            found[one.answered_by].update(_figures(one, one.queued_at))
    return dict(found)


def entries(day: Day) -> dict[tuple[str, str], Entry]:
    """The entry of every call and visit that is over, by (line, thread); served ones are written down."""
    return {
        (one.standing.line, one.name): _entry(one.standing)
        for one in day.contacts
        if one.standing.stage in ("served", "unserved")
    }


def filed(filings: Iterable[Filing]) -> dict[str, Entry]:
    """The entry that each of another system's filings becomes, by its reference."""
    return {
        str(one.body["reference"]): Entry(
            channel=str(one.body["channel"]), direction=str(one.body["direction"]), outcome="resolved",
            minutes=Decimal(str(one.body["minutes"])), messages=int(one.body["messages"]),
            client=str(one.body["client"]),
        )
        for one in filings
    }  # fmt: skip


def costs(entries: Iterable[Entry]) -> dict[str, tuple[int, Decimal, int, Decimal]]:
    """By client: how many entries, minutes, messages, and what they cost in CNY."""
    found: dict[str, tuple[int, Decimal, int, Decimal]] = {}
    for one in entries:
        if one.client:
            number, minutes, messages, cost = found.get(one.client, (0, Decimal(0), 0, Decimal(0)))
            cost += one.minutes * Decimal(PER_MINUTE[one.channel])
            cost += one.messages * Decimal(PER_MESSAGE[one.channel])
            found[one.client] = (number + 1, minutes + one.minutes, messages + one.messages, cost)
    return found


def _incoming(day: Day) -> Iterator[Standing]:
    return (one.standing for one in day.contacts if one.standing.direction == "in")


def _half_hour(day: Day, at: datetime) -> datetime:
    """The day begins at a full hour."""
    return at - (at - day.asked.start) % HALF_HOUR


def _figures(one: Standing, queued_at: datetime) -> Figures:
    """One contact's share; seconds are whole in a planned day."""
    waited = _seconds(queued_at, one.answered_at or one.ended_at)
    answered = one.answered_at is not None
    abandoned = not answered and one.ended_at is not None
    handled = answered and one.ended_at is not None
    marks = one.satisfaction
    return Counter({
        "offered": 1, "answered": answered, "answered_in_20": answered and waited <= 20,
        "abandoned": abandoned, "abandoned_in_5": abandoned and waited < 5,
        "abandoned_in_20": abandoned and waited <= 20, "answer_seconds": waited if answered else 0,
        "abandon_seconds": waited if abandoned else 0, "handled": handled,
        "talk_seconds": _seconds(one.answered_at, one.ended_at) if handled else 0,
        "hold_seconds": one.hold_seconds if handled else 0, "rated": marks is not None,
        "satisfied": marks is not None and marks >= 4, "rating_sum": marks or 0, **_recommended(one),
    })  # fmt: skip


def _recommended(one: Standing) -> dict[str, int]:
    given = one.recommend
    return {
        "recommend_given": given is not None,
        "promoters": given is not None and given >= 9,
        "detractors": given is not None and given <= 6,
    }


def _seconds(start: datetime | None, end: datetime | None) -> int:
    return max(int((end - start).total_seconds()), 0) if start and end else 0


def _entry(one: Standing) -> Entry:
    talked = Decimal(_seconds(one.answered_at, one.ended_at)) / 60
    return Entry(
        channel=one.channel, direction=one.direction,
        outcome="resolved" if one.stage == "served" else "not_reached",
        minutes=talked.quantize(Decimal("0.01"), ROUND_HALF_UP), messages=0, client=one.client,
    )  # fmt: skip
