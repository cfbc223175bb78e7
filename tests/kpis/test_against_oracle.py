"""Every card of the seeded scenario, and who is behind each number, is as the slow oracle reckons it."""

import hashlib
from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db.models import Q

from clients.models import Client
from core.models import Run, RunStep
from core.runs import RunContext
from kpis import recompute
from kpis.models import Passage, Scorecard, Target, TargetGroup
from kpis.queries.shape import card_body
from kpis.rules import COUNTS
from kpis.rules import Passage as Way
from kpis.rules.passages import numbers_of
from staff.models import Unit, UnitRecord
from tests.oracle import dates, scenario
from tests.oracle.compare import differences
from tests.oracle.config import Config, Targets
from tests.oracle.conftest import oracle, written  # noqa: F401 - fixtures
from tests.oracle.facts import Facts
from tests.oracle.reckon import Oracle
from tests.oracle.scenario import Scenario
from tests.segmentation.from_oracle import Seeder
from tests.segmentation.world import World
from trading.models import RecordSpan

pytestmark = pytest.mark.xdist_group("agreement")  # beside the others that write and reckon the scenario

COMPARED = ("start", "end", "counts", "members", "indicators", "total", "completeness", "flags")


def tell_units(facts: Facts) -> None:
    """The units' records, parents and mergers, which the facts' seeder leaves out."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    UnitRecord.objects.all().delete()
    for code, told in facts.units.newest.items():
        UnitRecord.objects.create(
            unit=units[code], told_on=date(2000, 1, 1), name=code, kind=told["kind"],
            parent=units.get(told["parent_code"]), opened_on=told["opened_on"], closed_on=told["closed_on"],
            successor=units.get(told["successor_code"]),
        )  # fmt: skip


def tell_ids(facts: Facts) -> None:
    ids = dict(Client.objects.values_list("client_no", "pk"))
    for no, told in facts.clients.items():
        mark = hashlib.sha256(repr(told.same_id).encode()).digest()
        RecordSpan.objects.filter(client_id=ids[no]).update(id_index=mark)


def tell_targets(targets: dict[tuple[str, str], Targets]) -> None:
    Target.objects.all().delete()
    for (period_type, unit), limits in targets.items():
        unit_type, _, code = unit.partition(":")
        rates = {
            f"{name}_{side}": getattr(limits, name)[end]
            for name in ("new", "lost", "upgraded")
            for end, side in enumerate(("floor", "target"))
        }
        target = Target.objects.create(
            period_type=period_type,
            unit_type=unit_type,
            unit_code=code,
            state="approved",
            proposed_by="x",
            **rates,
        )
        for name, (floor, limit) in limits.profitability.items():
            TargetGroup.objects.create(owner=target, name=name, floor=floor, target=limit)


def found_cards(period: str) -> list[dict[str, Any]]:
    cards = Scorecard.objects.filter(period=period, current=True).prefetch_related("lines")
    rows = []
    behind = members(period)
    for card in cards:
        body = card_body(card)
        body["unit"] = {"type": card.unit_type, "code": card.unit_code or None}
        named = behind[card.unit_type, card.unit_code or "firm"]
        body["members"] = {number: sorted(named[number]) for number in COUNTS}
        body["key"] = card.unit_label
        body["flags"] = sorted(card.flags)
        rows.append(body)
    return rows


def members(period: str) -> dict[tuple[str, str], dict[str, list[str]]]:
    """(unit type, code) -> number -> client numbers, from the stored passages."""
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in Passage.objects.filter(Q(to_build=None), period=period).select_related("client"):
        for unit_type in ("firm", "region", "branch", "manager"):
            ends = ["firm", "firm"]
            if unit_type != "firm":
                ends = [getattr(row, f"{end}_{unit_type}") or None for end in ("opening", "closing")]
            for number, code in numbers_of(Way(row.kind, *ends, row.movement)):
                found[unit_type, code][number].append(row.client.client_no)
    return found


def expected_cards(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        row | {"key": row["unit"]["type"] + (f":{row['unit']['code']}" if row["unit"]["code"] else "")}
        for row in rows
    ]


def make_cards(as_of: date, first_month: date) -> None:
    run = Run.objects.create(as_of=as_of, requested_by="test")
    step = RunStep.objects.create(run=run, position=0, name="scorecards")
    recompute.scorecards(RunContext(run, as_of, first_month, first_month, ((1, 10**12),)), step)


@pytest.mark.django_db
def test_the_scenarios_cards_agree_on_every_date(written: Scenario, oracle: Oracle) -> None:  # noqa: F811
    seeder = Seeder(written.declared)
    config: Config = oracle.config
    for as_of in scenario.AS_OF_DATES:
        facts = oracle.facts(as_of)
        seeder.seed(facts)
        tell_units(facts)
        tell_ids(facts)
        tell_targets(dict(config.targets))
        world = World(seeder.units, first=facts.first_month)
        world.run(as_of.isoformat())
        config = _publish_when_due(as_of, oracle, config, world)
        make_cards(as_of, facts.first_month)
        expected = oracle.expected(as_of, config, _periods(facts.first_month, as_of)).cards
        for name, cards in expected.items():
            assert differences(expected_cards(cards), found_cards(name), ("key",), COMPARED) == [], name
    _has_every_case(expected)


def _has_every_case(cards: dict[str, list[dict[str, Any]]]) -> None:
    """The scenario is worth something only while all numbers and flags occur in it."""
    rows = [card for period in cards.values() for card in period]
    assert {number for card in rows for number in COUNTS if card["counts"][number]} == set(COUNTS)
    assert {flag for card in rows for flag in card["flags"]} == {"LOW_BASE", "SHORT_HISTORY"}
    assert {card["completeness"] for card in rows} == {"full", "partial", "none"}


def _periods(first: date, as_of: date) -> list[str]:
    """K14's periods, and on the last date every period there is."""
    if as_of != scenario.AS_OF_DATES[-1]:
        return [name for name in dates.nightly_periods(as_of) if dates.period(name).end >= first]
    return [name for month in dates.months_between(first, as_of) for name in dates.period_names(month)]


def _publish_when_due(as_of: date, oracle: Oracle, config: Config, world: World) -> Config:  # noqa: F811
    due = (scenario.FIRST_PUBLISHED, scenario.SECOND_PUBLISHED)
    if as_of not in due:
        return config
    world.publish(as_of.isoformat())
    world.run(as_of.isoformat())
    return replace(config, published=(*config.published, oracle.publish(as_of, due.index(as_of) + 1)))
