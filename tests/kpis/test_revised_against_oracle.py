"""Revisions after late feeds, corrections, a merger, a manager who leaves and clients who move.

Of all kinds of units and periods, the slow oracle reckons revision 1 from the packages that were there, the
next one from those that are there later. What differs, and who, is what the difference report names; earlier
revisions stay as they are to the byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Q

from clients.models import Client
from core.models import Run
from kpis.models import PassageGroup, Scorecard, ScorecardLine, UnitType
from kpis.queries.differences import differences as told_differences
from kpis.rules import COUNTS, half_up
from staff.models import Person
from tests.kpis.frozen import seal
from tests.kpis.test_against_oracle import (
    COMPARED,
    expected_cards,
    found_cards,
    make_cards,
    tell_ids,
    tell_targets,
    tell_units,
)
from tests.oracle import dates, scenario
from tests.oracle.cases.feed import _balance_of, _changed_trades, _moved_to
from tests.oracle.compare import differences
from tests.oracle.config import Config
from tests.oracle.reckon import Oracle
from tests.oracle.world import World
from tests.oracle.writer import write_world
from tests.segmentation.from_oracle import Seeder
from tests.segmentation.world import World as Model

START, BEFORE, AFTER = date(2024, 10, 1), date(2025, 1, 31), date(2025, 2, 20)
MERGED_ON = date(2025, 2, 12)
CLOSED = ("2024-10", "2024-11", "2024-12", "2025-01", "2024-Q4", "2024")
SIGNED = ("2024-11", "2024-Q4", "2024")
REGIONS = {"1001": "R1", "1002": "R1", "1003": "R2", "1004": "R2", "1005": "R2"}
Cards = dict[str, dict[str, Any]]  # by "branch:1001"


def late_world() -> World:
    """Forty clients over five months and the end of a year; February tells of what was before."""
    world = World(5, START, 5, ())
    world.unit(world.days[0], "HQ", "hq", "")
    for code in ("R1", "R2"):
        world.unit(world.days[0], code, "region", "HQ")
    for code, region in REGIONS.items():
        world.unit(world.days[0], code, "branch", region)
    world.unit(world.on(2025, 2, 13), "1004", "branch", "R2", closed=MERGED_ON.isoformat(), successor="1002")
    for place in range(40):
        branch = list(REGIONS)[place % 5]
        opened = date(2024, 11, 3 + place) if place % 4 == 1 and place < 25 else None
        client = world.client(
            f"{place}", branch_code=branch, manager_no=f"M{branch}{'AB'[place % 2]}", opened=opened,
            assets=15_000 + 9_000 * place,
        )  # fmt: skip
        _known(world, place, client)
        _late(world, place, client)
    return world


def _known(world: World, place: int, client: Any) -> None:
    """What is told in time."""
    client.trade(world.on(2025, 1, 8), 10_000 * (place + 1), f"{7 * (place + 1)}.0000")
    if place % 7 == 0:
        client.change(world.on(2024, 12, 5 + place % 20), branch_code="1003", manager_no="M1003A")
    if place % 11 == 3:
        client.close(date(2025, 1, 2 + place % 20))
    if place % 13 == 5:
        client.custody(world.on(2024, 11, 10 + place % 10), 0)


def _late(world: World, place: int, client: Any) -> None:
    """What turns out in February, and by corrections of packages of before."""
    if place in (6, 12, 19):
        client.close(date(2024, 12, 10 + place), told=world.on(2025, 2, 8))
    elif place in (2, 18):  # a package of December had the client elsewhere
        day = world.on(2024, 12, 11 + place % 5)
        client.change(day, risk_level="C4")
        world.corrections[day].append(_moved_to(client.client_no, "1001", "M1001B"))
        client.row.update(branch_code="1001", manager_no="M1001B")
    elif place in (9, 21):  # called back in November, as is told now
        client.row["callback_passed_on"] = ""
        for rows in world.rows.values():
            for row in rows["clients"]:
                if row["client_no"] == client.client_no:
                    row["callback_passed_on"] = ""
        client.change(world.on(2025, 2, 9), callback_passed_on="2024-11-20")
    elif place == 24:
        day = world.on(2025, 1, 8)
        world.corrections[day].append(_changed_trades(client.account.account_no, "none"))
    elif place == 26:
        world.corrections[world.last_day(2024, 12)].append(
            _balance_of(client.account.account_no, "900000.00")
        )
    if client.row["manager_no"] == "M1005A" and client.row["status"] == "normal":  # the manager leaves
        client.change(world.on(2025, 2, 15), manager_no="M1005B")


@dataclass
class Both:
    """Cards as reckoned before and after, by period and unit; and the packages of both."""

    before: dict[str, Cards]
    after: dict[str, Cards]


@pytest.fixture
def both(db: None, tmp_path: Path) -> Both:
    """The cards of both nights, made and compared as wholes."""
    paths = write_world(late_world(), tmp_path)
    first = Oracle([path for path in paths if not _is_late(path)], [], Config(targets=scenario.TARGETS))
    seeder, model = Seeder({}), Model({}, first=START)
    config = replace(first.config, published=(first.publish(BEFORE, 1),))
    _night(seeder, model, first, BEFORE)
    model.publish(BEFORE.isoformat())
    before = _agreed(model, first, config, BEFORE)
    signers = [Person.objects.create(username=name, employee_no=name) for name in "ab"]
    for period in SIGNED:
        seal(SimpleNamespace(value_analyst=signers[0], value_analyst_2=signers[1]), period)
    kept = _kept()
    second = Oracle(paths, [], first.config)
    _night(seeder, model, second, AFTER)
    after = _agreed(model, second, config, AFTER)
    assert _kept() == kept
    return Both(before, after)


def _is_late(path: Path) -> bool:
    """A correction, or a package of after the first night."""
    return ".v" in path.name or date.fromisoformat(path.name[:10]) > BEFORE


def _night(seeder: Seeder, model: Model, oracle: Oracle, as_of: date) -> None:
    facts = oracle.facts(as_of)
    seeder.seed(facts)
    tell_units(facts)
    tell_ids(facts)
    tell_targets(dict(oracle.config.targets))
    model.units = seeder.units
    model.run(as_of.isoformat())


def _agreed(model: Model, oracle: Oracle, config: Config, as_of: date) -> dict[str, Cards]:
    """The night's cards of all periods, which are the oracle's; a merged branch keeps what it had (K5)."""
    model.run(as_of.isoformat())
    make_cards(as_of, START)
    Run.objects.update(state=Run.State.DONE)
    months = dates.months_between(START, as_of)
    names = list(dict.fromkeys(name for month in months for name in dates.period_names(month)))
    found: dict[str, Cards] = {}
    for name, rows in oracle.expected(as_of, config, names).cards.items():
        there = [row for row in found_cards(name) if as_of == BEFORE or row["key"] != "branch:1004"]
        assert differences(expected_cards(rows), there, ("key",), COMPARED) == [], name
        found[name] = {row["key"]: row for row in expected_cards(rows)}
    return found


def _kept() -> list[dict[str, Any]]:
    """Every first revision of a closed period with its lines and passages, but for whether it is current."""
    cards = Scorecard.objects.filter(period__in=CLOSED, revision=1).order_by("pk")
    signed = cards.filter(period__in=SIGNED)
    columns = [one.name for one in Scorecard._meta.fields if one.name != "current"]
    plain = (
        "unit_name",
        "unit_id",
        "scheme_id",
        "model_version",
        "inputs",
    )  # follow beside numbers that stand
    rows = [
        *cards.values(*[name for name in columns if name.removesuffix("_id") not in plain and name != "unit"])
    ]
    rows += signed.values(*columns)
    rows += ScorecardLine.objects.filter(card__in=cards).order_by("pk").values()
    groups = PassageGroup.objects.filter(Q(from_build=1), period__in=CLOSED).order_by("pk")
    return [*rows, *groups.values(*[one.name for one in PassageGroup._meta.fields if one.name != "to_build"])]


def test_revisions_are_the_oracles_and_the_report_names_what_differs(both: Both) -> None:
    numbers = dict(Client.objects.values_list("pk", "client_no"))
    revised: list[tuple[str, str]] = []
    for period in CLOSED:
        for key, (first, last) in _revisions(period).items():
            old, new = both.before[period].get(key), both.after[period].get(key)
            if key == "branch:1004" or new is None:
                assert last.revision == 1, (period, key)
                continue
            if old is not None and _content(old) == _content(new):
                continue
            assert last.current and last.revision == (1 if old is None else 2), (period, key)
            if old is not None:
                revised.append((period, key))
                _check_report(first, last, old, new, numbers)
    seen = {(dates.period(period).kind, key.split(":")[0]) for period, key in revised}
    assert seen == {(length, kind) for length in ("month", "quarter", "year") for kind in UnitType.values}


def _revisions(period: str) -> Mapping[str, tuple[Scorecard, Scorecard]]:
    """unit -> its first and its last revision."""
    found: dict[str, list[Scorecard]] = {}
    for card in Scorecard.objects.filter(period=period).order_by("revision").prefetch_related("lines"):
        found.setdefault(card.unit_label, []).append(card)
    return {key: (cards[0], cards[-1]) for key, cards in found.items()}


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in COMPARED}


def _check_report(
    first: Scorecard,
    last: Scorecard,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    numbers: Mapping[int, str],
) -> None:
    """Counts, who came and who left, contribution by tier and the total, as the oracle has them."""
    told = told_differences(first, last)
    expected = {}
    for name in COUNTS:
        was, became = (set(row["members"][name]) for row in (old, new))
        if was != became:
            expected[name] = (len(was), len(became), became - was, was - became)
    found = {
        one.number: (one.before, one.after, *({numbers[pk] for pk in who} for who in (one.came, one.left)))
        for one in told.counts
    }
    assert found == expected, (first.period, first.unit_label)
    money = [one for one in told.profits if one.kind == "money"]
    profits = {one.words.split(",")[0]: (half_up(one.before, 4), half_up(one.after, 4)) for one in money}
    assert profits == _profits(old, new)
    if old["total"] != new["total"]:
        total = told.values[0]
        assert [half_up(one, 4) for one in (total.before, total.after)] == [
            _number(one["total"]) for one in (old, new)
        ]


def _profits(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Decimal, Decimal]]:
    sides = [
        {one["tier"]: _number(one["profit"]) for one in row["indicators"]["profitability"]["tiers"]}
        for row in (old, new)
    ]
    return {tier: (sides[0][tier], sides[1][tier]) for tier in sides[0] if sides[0][tier] != sides[1][tier]}


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
