"""Random lives of many clients in a firm of 200 branches, as facts in the tables.

A life is told in plain Python (when opened, called back, closed, dead; with whom on record; assets month by
month) and entered by COPY, so that thousands fit into one build. Who is with which unit on a date is answered
from what was told, not from the tables.
"""

import random
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection

from clients.models import FIRST_DAY, LAST_DAY, Client
from core.months import add_months, month_end
from staff.models import Unit, UnitRecord
from trading.models import ClientMonth, CustodyEvent, RecordSpan

FIRST, LAST = date(2025, 3, 1), date(2025, 8, 14)
OPENED = date(2015, 1, 1)
DAY = timedelta(days=1)
BRANCHES, REGIONS, MANAGERS = 200, 10, 2  # managers of each branch
LEVELS = (0, 500, 900, 5_000, 12_000, 80_000)  # assets; the limits of the lifecycle lie between them
MONTHS = [add_months(FIRST, count) for count in range(6)]
# days on which much happens at once: both sides of closes
EDGES = [day for month in MONTHS for day in (month, month_end(month))]
Place = tuple[int, str]  # branch by number, manager's number
MONEY = ("turnover", "margin_interest", "cash_spread", "product_fee", "other_income")


@dataclass(frozen=True)
class Firm:
    """What befalls units.

    mergers: (branch, successor, closed on, told on); leavers: (manager, left on, heir).
    """

    seed: int
    clients: int
    mergers: tuple[tuple[int, int, date, date], ...] = ()
    leavers: tuple[tuple[str, date, str], ...] = ()

    def told(self, as_of: date) -> dict[int, tuple[int, date]]:
        """Branch -> successor and date, of the mergers told of by a day."""
        return {one: (other, on) for one, other, on, told in self.mergers if told <= as_of}

    def record(self, branch: int, day: date, as_of: date) -> int:
        """The branch that has this one's clients on record on a day (K5)."""
        merged = self.told(as_of)
        while branch in merged and merged[branch][1] <= day:
            branch = merged[branch][0]
        return branch

    def canonical(self, branch: int, as_of: date) -> int:
        return self.record(branch, as_of, as_of)


@dataclass
class Told:
    """A client as the feeds tell it."""

    no: str
    opened_on: date
    called_on: date | None
    closed_on: date | None
    deceased_on: date | None
    places: dict[date, Place]  # by first day; what is told twice on a day counts as told last
    statuses: dict[date, str]
    levels: list[int]  # assets by month
    earned: list[int]
    traded: list[bool]
    custody: dict[date, int]
    same_id: str
    starts: list[date] = field(default_factory=list)
    records: list[Place] = field(default_factory=list)

    @property
    def client_no(self) -> str:
        return self.no

    def settle(self, firm: Firm, as_of: date) -> None:
        """Works out who has the client on record when, through mergers and managers who leave."""
        days = {
            *self.places,
            *(on for _one, _other, on, _told in firm.mergers),
            *(one[1] for one in firm.leavers),
        }
        self.starts = [FIRST_DAY, *sorted(day for day in days if FIRST_DAY < day <= as_of)]
        self.records = [self._record(day, firm, as_of) for day in self.starts]

    def _record(self, day: date, firm: Firm, as_of: date) -> Place:
        known = [start for start in self.places if start <= day] or [min(self.places)]
        branch, manager = self.places[max(known)]
        for left, on, heir in firm.leavers:
            manager = heir if manager == left and on <= day else manager
        return firm.record(branch, day, as_of), manager

    def place_on(self, day: date) -> Place:
        return self.records[bisect_right(self.starts, day) - 1]

    def status_on(self, day: date) -> str:
        if self.deceased_on and self.deceased_on <= day:
            return "deceased"
        if self.closed_on and self.closed_on <= day:
            return "closed"
        return next(
            (told for start, told in sorted(self.statuses.items(), reverse=True) if start <= day), "normal"
        )


def lives(firm: Firm) -> list[Told]:
    """So many clients as the seed makes them."""
    chance = random.Random(firm.seed)
    return [_life(chance, f"C{number:05}") for number in range(firm.clients)]


def _day(chance: random.Random) -> date:
    return (
        chance.choice(EDGES) if chance.random() < 0.4 else FIRST + DAY * chance.randrange((LAST - FIRST).days)
    )


def _place(chance: random.Random) -> Place:
    branch = chance.randrange(BRANCHES)
    own = branch if chance.random() < 0.9 else chance.randrange(BRANCHES)
    return branch, f"M{own:03}{chance.randrange(MANAGERS)}" if chance.random() < 0.75 else ""


def _life(chance: random.Random, no: str) -> Told:
    old = chance.random() < 0.75
    opened = FIRST - DAY * chance.randrange(1, 2000) if old else _day(chance)
    often = chance.random() < 0.2
    places = {FIRST - DAY * 3000: _place(chance)}
    places |= {_day(chance): _place(chance) for _move in range(chance.choice((1, 2, 5)) if often else 0)}
    levels = [chance.choice(LEVELS[3:] if chance.random() < 0.8 else LEVELS)]
    for _month in MONTHS[1:]:
        levels.append(chance.choice(LEVELS) if chance.random() < 0.25 else levels[-1])
    closed = max(_day(chance), opened + DAY) if chance.random() < 0.1 else None
    called = opened + DAY * chance.randrange(40) if chance.random() < 0.95 else None
    leaves = range(chance.choice((0, 0, 0, 0, 1, 2)))
    return Told(
        no=no, opened_on=opened, called_on=called, closed_on=closed,
        deceased_on=_day(chance) if chance.random() < 0.04 else None, places=places,
        statuses={_day(chance): "frozen", _day(chance): "normal"} if chance.random() < 0.05 else {},
        levels=levels, earned=[chance.choice((0, 0, 3, 60)) for _month in MONTHS],
        traded=[chance.random() < 0.3 for _month in MONTHS],
        custody={_day(chance): chance.choice((0, 99, 100, 5000)) for _one in leaves},
        same_id=f"I{chance.randrange(400)}" if chance.random() < 0.05 else no,
    )  # fmt: skip


def told_late(firm: Firm, told: Iterable[Told], seed: int) -> list[Told]:
    """The clients of whom something else turns out later, as they then are."""
    chance, changed = random.Random(seed), []
    for one in told:
        if chance.random() < 0.08:
            other = _life(chance, one.no)
            part = chance.choice(("places", "closed_on", "deceased_on", "levels", "custody", "called_on"))
            changed.append(replace(one, **{part: getattr(other, part)}))
    return changed


# into the tables


def copy(table: str, columns: str, rows: Iterable[Iterable[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
        for row in rows:
            into.write_row(tuple(row))


def enter_units(firm: Firm) -> dict[int, Unit]:
    """The firm's units; returns the branches by number."""
    unit = {"opened_on": OPENED}
    head = Unit.objects.create(code="HQ", name="HQ", kind="hq", **unit)
    regions = Unit.objects.bulk_create(
        Unit(code=f"R{number:02}", name=f"R{number}", kind="region", parent=head, **unit)
        for number in range(REGIONS)
    )
    branches = Unit.objects.bulk_create(
        Unit(code=f"{number:04}", name=f"{number}", kind="branch", parent=regions[number % REGIONS], **unit)
        for number in range(BRANCHES)
    )

    def record(one: Unit, told_on: date = OPENED, **more: Any) -> UnitRecord:
        return UnitRecord(
            unit=one, told_on=told_on, name=one.name, kind=one.kind, parent=one.parent, **unit, **more
        )

    rows = [record(one) for one in (head, *regions, *branches)]
    rows += [
        record(branches[one], told, closed_on=on, successor=branches[other])
        for one, other, on, told in firm.mergers
    ]
    UnitRecord.objects.bulk_create(rows)
    return dict(enumerate(branches))


def enter_clients(told: Iterable[Told], branches: Mapping[int, Unit]) -> dict[str, Client]:
    made = Client.objects.bulk_create(
        Client(
            client_no=one.no, kind="individual", name=one.no, id_type="other", branch=branches[0],
            status="normal", opened_on=one.opened_on, told_on=OPENED,
        )
        for one in told
    )  # fmt: skip
    return {client.client_no: client for client in made}


def enter_facts(
    firm: Firm, told: list[Told], clients: Mapping[str, Client], branches: Mapping[int, Unit], as_of: date
) -> None:
    """Replaces all facts by those of a run as of a day."""
    ids = {no: client.pk for no, client in clients.items()}
    units = {number: branch.pk for number, branch in branches.items()}
    for model in (RecordSpan, ClientMonth, CustodyEvent):
        model.objects.all().delete()
    for one in told:
        one.settle(firm, as_of)
    spans = [row for one in told for row in _spans(one, ids[one.no], units, as_of)]
    copy(
        "trading_recordspan",
        "client_id, from_date, to_date, branch_id, manager_no, status, kind, opened_on, closed_on,"
        " callback_passed_on, deceased_on, id_index",
        spans,
    )
    copy(
        "trading_clientmonth",
        "client_id, month, branch_id, manager_no, days, trading_days, assets_sum, trades, net_commission,"
        f" inflow, outflow, product_families, {', '.join(MONEY)}",
        [row for one in told for row in _months(one, ids[one.no], units, as_of)],
    )
    copy(
        "trading_custodyevent",
        "client_id, feed_day, event_no, counts, kind, value, residual_assets",
        [
            (ids[one.no], day, f"{one.no}-{day}", True, "custody_out", 1, residual)
            for one in told
            for day, residual in one.custody.items()
            if day <= as_of
        ],
    )


def _spans(one: Told, client: int, units: Mapping[int, int], as_of: date) -> list[tuple[Any, ...]]:
    turns = {day for day in (one.closed_on, one.deceased_on, *one.statuses) if day and day <= as_of}
    starts = sorted({*one.starts, *turns})
    closed, died = (day if day and day <= as_of else None for day in (one.closed_on, one.deceased_on))
    rows = []
    for start, end in zip(starts, [*starts[1:], LAST_DAY], strict=True):
        branch, manager = one.place_on(start)
        rows.append(
            (client, start, end, units[branch], manager, one.status_on(start), "individual", one.opened_on,
             closed, one.called_on, died, one.same_id.encode())
        )  # fmt: skip
    return rows


def _months(one: Told, client: int, units: Mapping[int, int], as_of: date) -> list[tuple[Any, ...]]:
    """A row for each unit of record in the month; flows at the first of them."""
    rows, before = [], one.levels[0]
    for number, month in enumerate(MONTHS):
        days: dict[Place, int] = {}
        first = max(month, one.opened_on)
        last = min(month_end(month), as_of, one.closed_on - DAY if one.closed_on else LAST_DAY)
        for offset in range((last - first).days + 1):
            place = one.place_on(first + DAY * offset)
            days[place] = days.get(place, 0) + 1
        level = one.levels[number]
        flows = [one.earned[number], max(level - before, 0), max(before - level, 0)]
        for place, count in days.items():
            traded = int(one.traded[number] and flows[0] >= 0)
            rows.append(
                (
                    client,
                    month,
                    units[place[0]],
                    place[1],
                    count,
                    count,
                    level * count,
                    traded,
                    *flows,
                    0,
                    *[0] * 5,
                )
            )
            flows = [0, 0, 0]
        before = level
    return rows
