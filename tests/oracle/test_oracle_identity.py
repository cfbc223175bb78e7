"""Whatever happens to a few clients, every card's counts balance and regions and firm tie to branches."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from . import scenario
from .cards import Card, cards
from .config import Config
from .lifecycle import EFFECTIVE, EXCLUDED, LOST, OPENING, REACTIVATED, Event, Life
from .passages import NUMBERS, identity_holds, members
from .reckon import Oracle
from .world import Subject, World
from .writer import write_world

START = date(2025, 1, 1)
BRANCHES = ("1001", "1002", "1003", "1004")
REGIONS = {"1001": "R1", "1002": "R1", "1003": "R2", "1004": "R2"}
DEEDS = ("transfer", "manager", "close", "custody", "die", "drain", "refill", "trade", "again", "merge")


def small_world(deeds: list[tuple[int, int, str, int]]) -> World:
    """Five clients over four months; a deed is (client, day, what, which branch)."""
    world = World(1, START, 4, ())
    first = world.days[0]
    world.unit(first, "HQ", "hq", "")
    for code in ("R1", "R2"):
        world.unit(first, code, "region", "HQ")
    for code in BRANCHES:
        world.unit(first, code, "branch", REGIONS[code])
    clients = [
        world.client(
            "small", branch_code=BRANCHES[place % 4], opened=None if place < 3 else date(2025, 1, 20 + place)
        )
        for place in range(5)
    ]
    told: set[tuple[int, date]] = set()
    for place, offset, deed, branch in sorted(deeds, key=lambda deed: deed[1]):
        client = clients[place]
        day = max(world.days[offset % len(world.days)], client.told + timedelta(days=6))
        if (place, world.next_day(day)) not in told:
            told.add((place, world.next_day(day)))
            act(world, client, world.next_day(day), deed, BRANCHES[branch])
    return world


def act(world: World, client: Subject, day: date, deed: str, branch: str) -> None:
    if deed == "transfer":
        client.change(day, branch_code=branch)
    elif deed == "manager":
        client.change(day, manager_no="" if branch == "1004" else f"M{branch}")
    elif deed == "close" and client.row["status"] == "normal":
        client.close(day)
    elif deed == "custody":
        client.custody(day, 0)
    elif deed == "die":
        client.change(day, status="deceased")
    elif deed in ("drain", "refill"):
        client.flow(day, "out" if deed == "drain" else "in", 50000)
        client.level(day, market_value=0 if deed == "drain" else 50000)
    elif deed == "trade":
        client.trade(day, 20000, "31.0000")
    elif deed == "again":
        world.client("again", opened=day, branch_code=branch, id_number=client.row["id_number"])
    elif branch != "1001" and not merged(world, branch):
        world.unit(day, branch, "branch", REGIONS[branch], closed=day.isoformat(), successor="1001")


def merged(world: World, branch: str) -> bool:
    return any(
        row["code"] == branch and row["closed_on"] for rows in world.rows.values() for row in rows["branches"]
    )


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    deeds=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 70), st.sampled_from(DEEDS), st.integers(0, 3)),
        max_size=14,
    ),
    night=st.integers(20, 76),
)
def test_small_histories_balance(deeds: list[tuple[int, int, str, int]], night: int) -> None:
    world = small_world(deeds)
    with tempfile.TemporaryDirectory() as folder:
        oracle = Oracle(write_world(world, Path(folder)), [], Config())
        ladder = oracle.ladder(world.days[night % len(world.days)])
    for period in ("2025-01", "2025-02", "2025-03", "2025-Q1", "2025"):
        assert_ties(cards(ladder, period))


def assert_ties(made: list[Card]) -> None:
    """The identity on every card, and the sums of K4 over the branches."""
    assert all(card.holds for card in made)
    totals: dict[str, Counter] = {}
    for card in made:
        totals.setdefault(card.unit_type, Counter()).update(card.counts)
        assert card.counts["S"] >= card.counts["S_top"] + card.counts["S_new"]
    if not totals:
        return
    for number in ("N", "R", "X", "flash", "B", "E"):
        assert totals["branch"][number] == totals["region"][number] == totals["firm"][number]
    losses = [totals[kind]["L"] + totals[kind]["L_in"] for kind in ("branch", "region", "firm")]
    assert len(set(losses)) == 1
    assert not any(totals["firm"][number] for number in ("T_in", "T_out", "L_in"))
    for kind in totals:
        assert kind == "manager" or totals[kind]["T_in"] == totals[kind]["T_out"]


class Stub:
    """The least a life needs to know of its client."""

    client_no = "C1"


def a_life(entry: int, gaps: list[int], opening: bool, excluded: bool) -> Life:
    """Entry, loss, reactivation, loss ... so many days apart; the last loss may be an exclusion."""
    kinds = [EFFECTIVE, LOST] + [REACTIVATED, LOST] * 3
    events, day = [], START + timedelta(days=entry)
    for place, kind in enumerate(kinds[: len(gaps) + 1]):
        day += timedelta(days=gaps[place - 1] if place else 0)
        last = place == len(gaps)
        kind = EXCLUDED if kind == LOST and last and excluded else kind
        events.append(Event("C1", day, kind, OPENING if opening and not place else "", "", ""))
    return Life(Stub(), events)  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    entry=st.integers(-60, 120),
    gaps=st.lists(st.integers(0, 60), max_size=5),
    opening=st.booleans(),
    excluded=st.booleans(),
    start=st.integers(0, 150),
    length=st.integers(0, 200),
    moves=st.lists(st.tuples(st.integers(-60, 250), st.integers(0, 3)), max_size=6),
)
def test_any_passage_balances(
    entry: int,
    gaps: list[int],
    opening: bool,
    excluded: bool,
    moves: list[tuple[int, int]],
    start: int,
    length: int,
) -> None:
    life = a_life(entry, gaps, opening, excluded)
    places = sorted((START + timedelta(days=offset), unit) for offset, unit in moves)

    def unit_on(day: date) -> str | None:
        told = [unit for since, unit in places if since <= day]
        return str(told[-1]) if told else None

    first = START + timedelta(days=start)
    found = members(
        {"C1": life},
        lambda _: unit_on,
        first,
        first + timedelta(days=length),
        {"C1": "V2"},
        {"C1": "V3"},
        Config().scheme,
    )
    for numbers in found.values():
        assert identity_holds({number: len(numbers[number]) for number in NUMBERS})


@pytest.mark.parametrize("as_of", scenario.AS_OF_DATES[::3])
def test_scenario_balances(oracle: Oracle, published: Config, as_of: date) -> None:
    ladder = oracle.ladder(as_of, published)
    for name in ("2025-06", "2025-Q3", "2025", "2026-Q1", "2026"):
        made = cards(ladder, name)
        assert all(card.holds for card in made)
        assert all(card.worked.total is None or 0 <= card.worked.total <= 100 for card in made)
        if not made:
            continue  # the period is still to come
        firm = next(card for card in made if card.unit_type == "firm")
        profit = sum(Decimal(tier["profit"]) for tier in firm.worked.indicators["profitability"]["tiers"])
        regions = [
            card
            for card in made
            if card.unit_type in ("region", "branch") and (card.unit_type == "region" or card.code == "1012")
        ]
        assert profit == sum(
            tier["profit"] for card in regions for tier in card.worked.indicators["profitability"]["tiers"]
        )


def test_scores_of_the_scenario(oracle: Oracle, published: Config, written: scenario.Scenario) -> None:
    ladder = oracle.ladder(date(2026, 3, 31), published)
    tiers = [[close.tiers.get(no) for close in ladder.closes] for no in written.clients("S1 effective")]
    assert all(path[6:9] == ["NEW"] * 3 and path[9] not in (None, "NEW") for path in tiers)
    falls = ladder.closes, written.clients("S3 falls")[-1]
    path = [close.tiers[falls[1]] for close in falls[0]]
    assert path[10] == "V4" and path[11] == "V3"
    back = written.clients("S1 reactivated")[0]
    assert [close.tiers.get(back) for close in ladder.closes][-3:] == [None, "V1", "V1"]
    unscored = written.clients("S8 kind without breakpoints")[0]
    assert [close.tiers.get(unscored) for close in ladder.closes][12] == "NEW"
    assert ladder.closes[13].tiers[unscored] != "NEW"
