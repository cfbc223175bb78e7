"""Holds entries, half hours, agents' figures and costs of the database against the plan's reckoning."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from clients.models import Client
from crm.simulator import reckoning
from crm.simulator.check import differing
from crm.simulator.day import Day
from crm.simulator.plan import THREADED
from crm.simulator.reckoning import Entry, Figures
from crm.simulator.system import Filing
from interactions.levels import midnight
from interactions.models import Conversation, Interaction, ServiceLevel, ServiceMonth

SUMS = (
    "offered", "answered", "answered_in_20", "abandoned", "abandoned_in_5", "abandoned_in_20",
    "answer_seconds", "abandon_seconds", "handled", "handle_seconds", "wrap_seconds", "hold_seconds", "rated",
    "satisfied", "rating_sum", "recommend_given", "promoters", "detractors",
)  # fmt: skip
# with whom a call stood that nobody answered is up to the rules and not to the plan
OF_THE_QUEUE = {"offered", "abandoned", "abandoned_in_5", "abandoned_in_20", "abandon_seconds"}
Cost = tuple[int, Decimal, int, Decimal]


def figure_differences(day: Day, filings: Sequence[Filing], acknowledged: Mapping[str, int]) -> list[str]:
    """What differs of entries and service levels, in words. The lines told nothing else on that day.

    acknowledged: the ids that the other system was given, by its keys.
    """
    every = [
        differing("entry of a conversation", reckoning.entries(day), _of_conversations(day)),
        differing("entry filed by API", reckoning.filed(filings), _filed(day)),
        differing("acknowledged entry", acknowledged, _ids(acknowledged)),
        differing("half hour", _plain(reckoning.half_hours(day)), _plain(_half_hours(day))),
        differing("agent", _answered(reckoning.agents(day)), _answered(_agents(day))),
    ]
    return [line for kind in every for line in kind]


def cost_differences(day: Day, filings: Sequence[Filing], before: Mapping[str, Cost]) -> list[str]:
    """What differs of that by which the day raised each client's costs of the month.

    Costs stand at a client's unit of record; a prospect has none, so what it was told costs no unit.
    """
    told = [*reckoning.entries(day).values(), *reckoning.filed(filings).values()]
    planned = reckoning.costs(told)
    prospects = Client.objects.filter(client_no__in=planned, status=Client.Status.PROSPECT)
    for client_no in prospects.values_list("client_no", flat=True):
        del planned[client_no]
    return differing("cost of a client", planned, _grown(before, costs(day)))


def costs(day: Day) -> dict[str, Cost]:
    """What the day's month has cost so far, by client, as the nightly run reckoned it."""
    month = day.asked.start.date().replace(day=1)
    rows = ServiceMonth.objects.filter(month=month).values_list("client__client_no").order_by()
    sums = rows.annotate(Sum("interactions"), Sum("minutes"), Sum("messages"), Sum("cost"))
    return {client: (number, minutes, messages, cost) for client, number, minutes, messages, cost in sums}


def _half_hours(day: Day) -> dict[tuple[datetime, str], Figures]:
    """The day's kept figures by half hour and channel."""
    return {(row["half_hour"], row["channel"]): _figures(row) for row in _sums(day, "half_hour", "channel")}


def _agents(day: Day) -> dict[str, Figures]:
    rows = _sums(day, "agent__employee_no", channel__in=("phone", "visit"), answered__gt=0)
    return {row["agent__employee_no"]: _figures(row) for row in rows if row["agent__employee_no"]}


def _sums(day: Day, *by: str, **narrowed: Any) -> Iterable[dict[str, Any]]:
    first = midnight(day.asked.start.date())
    levels = ServiceLevel.objects.filter(half_hour__range=(first, first.replace(hour=23, minute=30)))
    return levels.filter(**narrowed).values(*by).order_by().annotate(*(Sum(name) for name in SUMS))


def _figures(row: Mapping[str, Any]) -> Figures:
    """Talking is what was handled without what was written down after it, whose time is the clock's."""
    told = Counter({name: int(row[f"{name}__sum"]) for name in SUMS})
    told["talk_seconds"] = int(row["handle_seconds__sum"] - row["wrap_seconds__sum"])
    del told["handle_seconds"], told["wrap_seconds"]
    return told


def _plain(figures: Mapping[Any, Figures]) -> dict[Any, dict[str, int]]:
    """Without the zeros, so that equal ones compare equal."""
    return {key: {name: n for name, n in one.items() if n} for key, one in figures.items()}


def _answered(figures: Mapping[str, Figures]) -> dict[str, dict[str, int]]:
    """Of what each agent answered."""
    return {
        agent: {name: n for name, n in one.items() if name not in OF_THE_QUEUE}
        for agent, one in _plain(figures).items()
    }


def _of_conversations(day: Day) -> dict[tuple[str, str], Entry]:
    """Entries in force of the day's calls and visits; one that stands twice shows as such."""
    names = [code for code in day.asked.lines if code in THREADED]
    talks = Conversation.objects.filter(
        line__code__in=names, thread__startswith=day.asked.name, channel__in=("phone", "visit")
    )
    keys = {
        f"{row.line.code}:{row.thread}": (row.line.code, row.thread) for row in talks.select_related("line")
    }
    found: dict[tuple[str, str], Entry] = {}
    for row in _in_force(conversation__in=list(keys)):
        key = keys[row.conversation]
        found[key if key not in found else (*key, "twice")] = _read(row)  # type: ignore[index]
    return found


def _filed(day: Day) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for row in _in_force(reference__startswith=f"{day.asked.name}file-"):
        found[row.reference if row.reference not in found else f"{row.reference} twice"] = _read(row)
    return found


def _in_force(**narrowed: Any) -> Iterable[Interaction]:
    rows = Interaction.objects.in_force().filter(**narrowed).select_related("client").order_by()
    return rows.iterator(chunk_size=5000)


def _read(row: Interaction) -> Entry:
    return Entry(
        channel=row.channel, direction=row.direction, outcome=row.outcome, minutes=row.minutes,
        messages=row.messages, client=row.client.client_no if row.client else "",
    )  # fmt: skip


def _ids(acknowledged: Mapping[str, int]) -> dict[str, int]:
    """The entries whose ids were given to the other system, by its keys."""
    there = dict(Interaction.objects.filter(pk__in=acknowledged.values()).values_list("reference", "pk"))
    return {key: there[key] for key in acknowledged if key in there}


def _grown(before: Mapping[str, Cost], now: Mapping[str, Cost]) -> dict[str, Cost]:
    """What came to each client's sums, where anything did."""
    nothing = (0, Decimal(0), 0, Decimal(0))
    found = {}
    for client, sums in now.items():
        was = before.get(client, nothing)
        grown = (sums[0] - was[0], sums[1] - was[1], sums[2] - was[2], sums[3] - was[3])
        if any(grown):
            found[client] = grown
    return found
