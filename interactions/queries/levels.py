"""Reads of service levels: sums of counts, and the ratios that follow from them (docs/service-levels.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from interactions.levels import SHANGHAI, midnight
from interactions.models import Channel, Conversation, Presence, ServiceLevel
from staff.models import Person, Unit

COUNTS = (
    "offered", "answered", "answered_in_20", "answered_in_target", "abandoned", "abandoned_in_5",
    "abandoned_in_20", "abandoned_in_target", "transferred", "handled", "rated", "satisfied", "rating_sum",
    "recommend_given", "promoters", "detractors", "fcr_known", "fcr_resolved", "fcr_open",
)  # fmt: skip
SECONDS = ("answer_seconds", "abandon_seconds", "handle_seconds", "hold_seconds", "wrap_seconds")
MOST_DAYS = 400
VARIANTS = {
    "service_level": "80/20, abandoned within the threshold left out",
    "service_level_of_offered": "80/20, of all offered",
    "service_level_target": "threshold of channel and tier, abandoned within the threshold left out",
    "abandonment": "of all offered",
    "abandonment_without_short": "without those given up in under 5 seconds",
    "asa_seconds": "mean wait of the answered",
    "aht_seconds": "answer to end with hold, plus wrap-up",
    "fcr": "7 days, same client and topic, any channel",
    "csat": "4 and 5 among 1 to 5",
    "csat_mean": "mean of 1 to 5",
    "nps": "9 and 10 minus 0 to 6",
}
Sums = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody asks for: days in Shanghai (both inside), and what to narrow to."""

    first: date
    last: date
    channel: str = ""
    unit: str = ""  # its code
    agent: str = ""  # user name


def levels_of(reader: Any, wanted: Wanted) -> QuerySet[ServiceLevel]:
    """The rows asked for, as far as the reader may see them."""
    rows = ServiceLevel.objects.visible_to(reader).filter(
        half_hour__gte=midnight(wanted.first), half_hour__lt=midnight(wanted.last + timedelta(days=1))
    )
    narrow = {"channel": wanted.channel, "unit__code": wanted.unit, "agent__username": wanted.agent}
    return rows.filter(**{name: value for name, value in narrow.items() if value})


def total(rows: QuerySet[ServiceLevel]) -> dict[str, Any]:
    """All rows added up."""
    return _filled(rows.aggregate(**_sums()))


def by_half_hour(rows: QuerySet[ServiceLevel]) -> list[dict[str, Any]]:
    found = rows.values("half_hour").annotate(**_sums()).order_by("half_hour")
    return [_filled(row) | {"start": row["half_hour"].astimezone(SHANGHAI)} for row in found]


def by_channel(rows: QuerySet[ServiceLevel]) -> list[dict[str, Any]]:
    """One row a channel, in their order."""
    found = {row["channel"]: row for row in rows.values("channel").annotate(**_sums()).order_by("channel")}
    return [_filled(found[code]) | {"channel": code} for code in Channel.values if code in found]


def by_day(rows: QuerySet[ServiceLevel]) -> list[dict[str, Any]]:
    days = rows.annotate(day=TruncDate("half_hour", tzinfo=SHANGHAI)).values("day")
    return [_filled(row) | {"start": row["day"]} for row in days.annotate(**_sums()).order_by("day")]


def _sums() -> dict[str, Sum]:
    return {name: Sum(name) for name in (*COUNTS, *SECONDS)}


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] or 0 for name in (*COUNTS, *SECONDS)}


def ratios(sums: Sums) -> dict[str, Decimal | None]:
    """The ratios by the names of VARIANTS, 6 places rounded half up; None where nothing was counted."""
    decided = sums["answered"] + sums["abandoned"]
    short = sums["abandoned_in_5"]
    return {
        "service_level": _share(sums["answered_in_20"], decided - sums["abandoned_in_20"]),
        "service_level_of_offered": _share(sums["answered_in_20"], sums["offered"]),
        "service_level_target": _share(sums["answered_in_target"], decided - sums["abandoned_in_target"]),
        "abandonment": _share(sums["abandoned"], sums["offered"]),
        "abandonment_without_short": _share(sums["abandoned"] - short, sums["offered"] - short),
        "asa_seconds": _share(sums["answer_seconds"], sums["answered"]),
        "aht_seconds": _share(sums["handle_seconds"], sums["handled"]),
        "fcr": _share(sums["fcr_resolved"], sums["fcr_known"]),
        "csat": _share(sums["satisfied"], sums["rated"]),
        "csat_mean": _share(sums["rating_sum"], sums["rated"]),
        "nps": _share(100 * (sums["promoters"] - sums["detractors"]), sums["recommend_given"]),
    }


def _share(part: Any, whole: Any) -> Decimal | None:
    if whole <= 0:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def units_for(reader: Any) -> QuerySet[Unit]:
    """The units whose levels the reader may see."""
    units = Unit.objects.order_by("code")
    if not reader.may("levels.view"):
        return units.none()
    scope = reader.scope_for("levels.view")
    return units if scope.firm else units.filter(pk__in=scope.unit_ids)


def agents_for(reader: Any, first: date, last: date) -> QuerySet[Person]:
    """Whoever has figures in these days that the reader may see."""
    rows = levels_of(reader, Wanted(first=first, last=last))
    return Person.objects.filter(pk__in=rows.values("agent_id")).order_by("username")


def waiting_now(reader: Any) -> list[dict[str, Any]]:
    """What waits in the queues of the reader's units, by channel and tier, and the oldest moment of each."""
    waiting = Conversation.objects.filter(state=Conversation.State.WAITING, unit__in=units_for(reader))
    found = waiting.values("channel", "tier").annotate(count=Count("pk"), since=Min("waiting_since"))
    names = dict(Channel.choices)
    return [row | {"name": names[row["channel"]]} for row in found.order_by("channel", "tier")]


def presence_now(reader: Any, at: datetime) -> list[dict[str, Any]]:
    """People of the reader's units by state of presence."""
    scope, today = reader.scope_for("levels.view"), at.astimezone(SHANGHAI).date()
    people = Presence.objects.all()
    if not scope.firm:
        theirs = Q(person__memberships__unit_id__in=scope.unit_ids, person__memberships__from_date__lte=today)
        people = people.filter(
            theirs
            & (Q(person__memberships__to_date__isnull=True) | Q(person__memberships__to_date__gt=today))
        )
    counts = dict(people.values_list("state").annotate(Count("person_id", distinct=True)).order_by())
    states = Presence.State.choices
    return [{"state": state, "name": name, "count": counts.get(state, 0)} for state, name in states]


def median_aht(unit_ids: Sequence[int], day: date) -> Decimal | None:
    """The middle of the agents' mean handling times of a day at these units (seconds)."""
    rows = ServiceLevel.objects.filter(
        unit_id__in=unit_ids, agent__isnull=False,
        half_hour__gte=midnight(day), half_hour__lt=midnight(day + timedelta(days=1)),
    )  # fmt: skip
    sums = rows.values("agent_id").annotate(time=Sum("handle_seconds"), talks=Sum("handled"))
    means = sorted(row["time"] / row["talks"] for row in sums if row["talks"])
    if not means:
        return None
    half = len(means) // 2
    return means[half] if len(means) % 2 else (means[half - 1] + means[half]) / 2


def own_levels(person: Person, day: date) -> dict[str, Any]:
    """The person's own sums of a day."""
    rows = ServiceLevel.objects.filter(agent=person)
    return total(rows.filter(half_hour__gte=midnight(day), half_hour__lt=midnight(day + timedelta(days=1))))


def my_contacts(person: Person, day: date) -> QuerySet[Conversation]:
    """Conversations of a day that the person answered or has in hand, newest first."""
    mine = Q(answered_by=person) | Q(agent=person)
    opened = Q(opened_at__gte=midnight(day), opened_at__lt=midnight(day + timedelta(days=1)))
    seen = Conversation.objects.visible_to(person) | Conversation.objects.filter(answered_by=person)
    return seen.filter(mine & opened).select_related("client", "category").order_by("-opened_at", "-pk")
