"""What tiers by hand do to scorecards: the cards that a firm without them would have had."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db.models import F
from django.utils import timezone

from core.models import Run, RunStep
from core.runs import RunContext
from kpis.models import PassageGroup
from kpis.queries.overridden import effects
from kpis.rules import parse_period
from kpis.rules.passages import movement
from segmentation.models import ScoreClose, TierOverride
from segmentation.recompute.tiers import tiers as climb
from tests.cast import Speak, make_cast
from tests.kpis.world import World, day

CLOSES = ("2026-04-30", "2026-05-31", "2026-06-30")
SCORES = {"A": 40, "B": 40, "C": 60, "D": 75, "E": 20}


@pytest.fixture
def cast(units: dict) -> SimpleNamespace:
    return make_cast(units)


def firm(world: World, cast: SimpleNamespace, *, by_hand: bool) -> None:
    """Five clients with level scores; A rose to V4 and D was held at V5 by hand, in the quarter's course."""
    for number, (no, score) in enumerate(SCORES.items()):
        world.held(no, "1001" if number % 2 == 0 else "1002")
        for close in ("2026-03-31", *CLOSES):
            tier = {40: "V2", 60: "V3", 75: "V4", 20: "V1"}[score]
            world.tier(no, close, tier)
        for month in ("2026-04", "2026-05", "2026-06"):
            world.month(no, month, 100 * (number + 1), branch=world.clients[no].branch.code)
    ScoreClose.objects.update(
        tier_since=F("as_of"),
        tier_reason="first",
        mature=True,
        contribution_12m=0,
        contribution_3m_x4=0,
        active_months_12m=1,
    )
    for no, score in SCORES.items():
        ScoreClose.objects.filter(client__client_no=no).update(score=score)
    if by_hand:
        _give(world, cast, "A", "V4", "2026-05-10", "2026-12-31")
        _give(world, cast, "D", "V5", "2026-05-31", "2026-06-15")
        for as_of in CLOSES:
            _climb(world, as_of)
    world.targets()
    world.run("2026-06-30")


def _give(world: World, cast: SimpleNamespace, no: str, tier: str, first: str, last: str) -> None:
    TierOverride.objects.create(
        client=world.clients[no], tier=tier, reason="x", from_on=day(first), until_on=day(last),
        in_force=(day(first), day(last) + timedelta(days=1)), state="approved",
        proposed_by=cast.value_analyst, approved_by=cast.compliance, proposed_at=timezone.now(),
    )  # fmt: skip


def _climb(world: World, as_of: str) -> None:
    """The nightly step of tiers over the scores as they stand."""
    run = Run.objects.create(as_of=day(as_of), requested_by="test", state=Run.State.DONE)
    step = RunStep.objects.create(run=run, position=0, name="tiers")
    climb(RunContext(run, day(as_of), day(as_of).replace(day=1), world.first, ((1, 10**12),)), step)


def test_without_them_the_cards_are_those_of_a_firm_that_has_none(
    world: World, cast: SimpleNamespace
) -> None:
    """The slow way: the same firm run without overrides gives the very cards that the effect tells."""
    firm(world, cast, by_hand=True)
    found = {one.card.unit_code: one for one in effects(cast.value_analyst, parse_period("2026-Q2"))}
    assert sorted(found) == ["", "1001", "1002"]
    given = {code: (world.card("2026-Q2", unit).total, one.given.total)
             for code, one in found.items()
             for unit in [f"branch:{code}" if code else "firm"]}  # fmt: skip
    for stored, worked in given.values():
        assert stored == pytest.approx(worked)
    TierOverride.objects.all().delete()
    for as_of in CLOSES:
        _climb(world, as_of)
    world.run("2026-06-30")
    for code, one in found.items():
        card = world.card("2026-Q2", f"branch:{code}" if code else "firm")
        assert {name: card.counts[name] for name in ("S_top", "S_new", "U", "D")} == {
            name: one.card.counts[name] + one.counts.get(name, 0) for name in ("S_top", "S_new", "U", "D")
        }
        lines = card.lines_by_name()
        assert lines["profitability"].score == pytest.approx(one.without.profitability)
        assert card.total == pytest.approx(one.without.total)


def test_a_firm_without_overrides_has_no_effect(world: World, cast: SimpleNamespace) -> None:
    firm(world, cast, by_hand=False)
    assert effects(cast.value_analyst, parse_period("2026-Q2")) == []


def test_movements_are_those_that_cards_count(world: World, cast: SimpleNamespace) -> None:
    firm(world, cast, by_hand=True)
    rows = PassageGroup.objects.filter(kind="stayed", to_build=None)
    assert rows.count() > 4
    assert [movement(row.tier_from, row.tier_to) for row in rows] == [row.movement for row in rows]
    told = {("", "V1"): "unranked", ("V5", "V4"): "top_fell", ("V5", "NEW"): "top", ("V4", ""): "same"}
    assert {pair: movement(*pair) for pair in told} == told


def test_page_and_api_show_cards_in_sight(world: World, cast: SimpleNamespace, as_person: Speak) -> None:
    firm(world, cast, by_hand=True)
    page = as_person(cast.branch_manager_1001).get("/scorecards/overrides/?period=2026-Q2")
    assert [one.card.unit_code for one in page.context["effects"]] == ["1001"]
    told = as_person(cast.value_analyst).get("/api/v1/scorecards/override-effect/?period=2026-Q2").json()
    assert [one["unit"]["code"] for one in told] == [None, "1001", "1002"]
    assert Decimal(told[0]["total"]["given"]) != Decimal(told[0]["total"]["without"])
    assert as_person(cast.value_analyst).get("/api/v1/scorecards/override-effect/").status_code == 400
