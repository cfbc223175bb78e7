"""E = B + N + R - L - L_in - X + T_in - T_out on every card of 200 branches, whatever happens to clients.

The counts of all cards are those that the slow oracle reckons from the events and from what was told of
records (K1-K5).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clients.models import Client
from kpis.models import Scorecard
from kpis.recompute import period as period_room
from kpis.rules.periods import periods_between
from segmentation.models import ClientScore, LifecycleEvent, ScoreClose
from staff.models import Unit
from tests.kpis.histories import (
    BRANCHES,
    EDGES,
    FIRST,
    LAST,
    MANAGERS,
    MONTHS,
    REGIONS,
    Firm,
    Told,
    enter_clients,
    enter_facts,
    enter_units,
    lives,
    told_late,
)
from tests.kpis.world import World as Cards
from tests.oracle.config import Scheme
from tests.oracle.lifecycle import Event, Life, _mark_returning
from tests.oracle.passages import NUMBERS, identity_holds, members
from tests.segmentation.world import World as Model

CLOSED, LATE = date(2025, 6, 30), LAST  # the two nights: at a close, and inside a month after late feeds
UNIT_TYPES = ("firm", "region", "branch", "manager")


@dataclass
class History:
    """A firm with its clients and the steps of the night that cards stand on."""

    firm: Firm
    told: dict[str, Told] = field(init=False)
    branches: dict[int, Unit] = field(init=False)
    clients: dict[str, Client] = field(init=False)
    model: Model = field(init=False)
    cards: Cards = field(init=False)

    def __post_init__(self) -> None:
        self.told = {one.no: one for one in lives(self.firm)}
        self.branches = enter_units(self.firm)
        self.clients = enter_clients(self.told.values(), self.branches)
        self.model, self.cards = Model({}, first=FIRST), Cards({}, first=FIRST, clients=self.clients)

    def night(self, as_of: date, since: str | None = None, dirty: Mapping[str, str] | None = None) -> None:
        """Lifecycle, scores, tiers and cards as of a day."""
        enter_facts(self.firm, list(self.told.values()), self.clients, self.branches, as_of)
        stale = {self.clients[no]: month for no, month in (dirty or {}).items()}
        self.model.run(as_of.isoformat(), since=since, dirty=stale)
        if since is None:
            self.model.publish(as_of.isoformat())
            self.model.run(as_of.isoformat())
        self.cards.run(as_of.isoformat(), since=since, dirty=dict(dirty or {}))

    def tell_late(self) -> dict[str, str]:
        """Other truth about some clients; returns who is stale since when, those of merged units too."""
        changed = told_late(self.firm, self.told.values(), self.firm.seed + 1)
        self.told |= {one.no: one for one in changed}
        merged = {branch for branch, _other, _on, told in self.firm.mergers if told > CLOSED}
        moved = {
            no
            for no, one in self.told.items()
            if merged & {branch for branch, _manager in one.places.values()}
        }
        return dict.fromkeys(sorted({one.no for one in changed} | moved), f"{FIRST:%Y-%m}")

    def lives(self) -> dict[str, Life]:
        """Everybody's events as the oracle keeps them."""
        found = {no: Life(one) for no, one in self.told.items()}  # type: ignore[arg-type]
        for row in LifecycleEvent.objects.order_by("on_date").values(
            "client__client_no", "on_date", "event", "reason"
        ):
            no = row["client__client_no"]
            found[no].events.append(Event(no, row["on_date"], row["event"], row["reason"], "", ""))
        for life in found.values():
            life.events.sort(key=lambda event: (event.date, event.event in ("LOST", "EXCLUDED")))
        _mark_returning(found)
        return found

    def unit_of(self, unit_type: str, as_of: date) -> Callable[[Life], Callable[[date], str | None]]:
        def name(place: tuple[int, str]) -> str | None:
            branch = self.firm.canonical(place[0], as_of)
            names = {"firm": "firm", "region": f"R{branch % REGIONS:02}", "branch": f"{branch:04}"}
            return names[unit_type] if unit_type != "manager" else place[1] or None

        return lambda life: lambda day: name(life.client.place_on(day))  # type: ignore[arg-type]

    def balances(self, as_of: date) -> int:
        """Every card's counts are the oracle's and hold the identity; returns how many cards there are."""
        everyone, closes = self.lives(), _tiers()
        wrong: list[Any] = []
        for period in periods_between(FIRST, as_of):
            end = period.reckoned_to(as_of)
            found = _counts(period.name)
            for unit_type in UNIT_TYPES:
                counted = members(
                    everyone, self.unit_of(unit_type, as_of), period.start, end,
                    closes[period.opening_day], closes[end], Scheme(),
                )  # fmt: skip
                expected = {
                    code: {n: len(who) for n, who in numbers.items()} for code, numbers in counted.items()
                }
                wrong += _differing(period.name, unit_type, expected, found, self._merged(as_of))
        assert wrong == []
        assert [card for card in Scorecard.objects.all() if not identity_holds(card.counts)] == []
        assert not Scorecard.objects.filter(state="withheld").exists()
        return Scorecard.objects.count()

    def _merged(self, as_of: date) -> set[str]:
        return {f"{branch:04}" for branch in self.firm.told(as_of)}


def _tiers() -> dict[date, dict[str, str]]:
    found: dict[date, dict[str, str]] = defaultdict(dict)
    for model in (ScoreClose, ClientScore):
        for day, no, tier in model.objects.exclude(tier="").values_list("as_of", "client__client_no", "tier"):
            found[day][no] = tier
    return found


def _counts(period: str) -> dict[tuple[str, str], dict[str, int]]:
    cards = Scorecard.objects.filter(period=period, current=True)
    return {
        (kind, code or "firm"): counts
        for kind, code, counts in cards.values_list("unit_type", "unit_code", "counts")
    }


def _differing(
    period: str, unit_type: str, expected: Mapping[str, Any], found: Mapping[Any, Any], merged: set[str]
) -> list[Any]:
    """Cards that say otherwise or aren't there; merged branches keep theirs (K5)."""
    none = dict.fromkeys(NUMBERS, 0)
    codes = set(expected) | {code for kind, code in found if kind == unit_type} - merged
    return [
        (period, unit_type, code, expected.get(code, none), found.get((unit_type, code)))
        for code in sorted(codes)
        if found.get((unit_type, code)) != expected.get(code, none)
    ]


def mergers() -> st.SearchStrategy[tuple[tuple[int, int, date, date], ...]]:
    """Into a branch of a higher number (chains may come, no circles); told at once or much later."""
    days = st.sampled_from([day for day in EDGES if FIRST < day < LAST]) | st.dates(
        date(2025, 3, 3), date(2025, 8, 1)
    )
    one = st.tuples(st.integers(0, BRANCHES - 2), st.integers(1, 40), days, st.sampled_from((0, 0, 45)))
    return st.lists(one, min_size=3, max_size=8, unique_by=lambda drawn: drawn[0]).map(
        lambda drawn: tuple(
            (branch, min(branch + step, BRANCHES - 1), on, min(LAST, date.fromordinal(on.toordinal() + late)))
            for branch, step, on, late in drawn
        )
    )


def firms() -> st.SearchStrategy[Firm]:
    numbers = st.tuples(st.integers(0, BRANCHES - 1), st.integers(0, MANAGERS - 1)).map(
        lambda n: f"M{n[0]:03}{n[1]}"
    )
    leavers = st.lists(
        st.tuples(numbers, st.sampled_from(EDGES[1:-2]), st.just("") | numbers),
        max_size=8,
        unique_by=lambda one: one[0],
    ).map(tuple)
    return st.builds(Firm, st.integers(0, 10**6), st.sampled_from((1500, 2000)), mergers(), leavers)


@pytest.mark.django_db
@settings(
    max_examples=2, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(firm=firms())
def test_every_card_of_200_branches_balances(firm: Firm) -> None:
    with transaction.atomic():
        history = History(firm)
        history.night(CLOSED)
        made = history.balances(CLOSED)
        assert made > len(MONTHS) * BRANCHES
        history.night(LATE, since="2025-07", dirty=history.tell_late())
        assert history.balances(LATE) > made + BRANCHES
        counts = Scorecard.objects.exclude(unit_type="firm").values_list("counts", flat=True)
        assert {name for one in counts for name in NUMBERS if one[name]} == set(NUMBERS)
        transaction.set_rollback(True)


def test_a_card_whose_flows_and_clients_differ_is_withheld(
    units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A way through the period claims a client more than are held at its end: who counts it is withheld."""
    world = Cards(units)
    world.held("C1", "1001", "M1")
    world.held("C2", "1001", "M2")
    world.held("C3", "1005", "M3")
    stage = period_room._stage_passages

    def corrupted(*given: Any) -> None:
        stage(*given)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE kpis_freshpassage SET size = size + 1 WHERE opening_manager = 'M1'")

    world.run("2026-08-31")
    monkeypatch.setattr(period_room, "_stage_passages", corrupted)
    world.run("2026-09-30")
    cards = Scorecard.objects.filter(period="2026-Q3", state="withheld", total=None)
    assert {card.unit_label for card in cards} == {"firm", "region:R1", "branch:1001", "manager:M1"}
    assert {card.notes[0]["text"] for card in cards} == {"identity"}
    assert not identity_holds(world.card("2026-Q3").counts)
    monkeypatch.undo()
    world.run("2026-10-01")  # the truth of the next night takes its place
    assert not Scorecard.objects.filter(state="withheld", current=True).exists()
