"""Cards as stored: profits by tier, missing values, inputs that give them again (K6-K8, K10, K13, S15)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from interactions.models import ServiceMonth
from kpis.models import SchemeGroup, SchemeVersion, Scorecard, ScorecardLine, Target
from kpis.queries.reproduce import deviations
from kpis.rules import half_up
from segmentation.models import ModelVersion, RescoredTier
from tests.kpis.world import World, day

Q3 = "2026-Q3"


def tiers(card: Scorecard) -> dict[str, tuple[str, str]]:
    """(profit, average clients) of the tiers that have any."""
    return {
        part["tier"]: (part["profit"], str(half_up(Decimal(part["average_clients"]), 4)))
        for part in card.profitability["tiers"]
        if Decimal(part["average_clients"]) or Decimal(part["profit"])
    }


def line(card: Scorecard, name: str) -> dict[str, Any]:
    """A line with 4 places."""
    found = card.lines_by_name()[name]
    return {
        part: None if getattr(found, part) is None else str(half_up(getattr(found, part), 4))
        for part in ("raw", "used", "score")
    }


def test_k7_profit_by_the_tier_of_the_close_before(world: World) -> None:
    world.held("C1")
    world.tier("C1", "2026-06-30", "V2")
    world.tier("C1", "2026-07-31", "V5")
    world.month("C1", "2026-07", 100, 31)
    world.month("C1", "2026-08", 200, 31)
    world.month("C1", "2026-09", 400, 30)  # no tier at the close of August: counts nowhere
    ServiceMonth.objects.create(
        client=world.clients["C1"], month=day("2026-08"), branch=world.units["1001"], cost="50.5"
    )
    world.run("2026-09-30")
    assert tiers(world.card(Q3)) == {"V2": ("100.0000", "0.3333"), "V5": ("149.5000", "0.3333")}
    assert tiers(world.card("2026-08")) == {"V5": ("149.5000", "1.0000")}
    assert tiers(world.card("2026-09")) == {}


def test_k7_k13_months_split_between_units_count_where_they_fall(world: World) -> None:
    world.held("C1", moves=[("2026-07-11", "1002", "M2")])
    world.event("C1", "2026-09-05", "LOST", "TRANSFERRED")
    for on in ("2026-06-30", "2026-07-31", "2026-08-31"):
        world.tier("C1", on, "V1")
    world.month("C1", "2026-07", 10, 10)
    world.month("C1", "2026-07", 20, 21, branch="1002", manager="M2")
    world.month("C1", "2026-09", 5, 30, branch="1002", manager="M2")  # still open after the loss
    world.run("2026-09-30")
    assert tiers(world.card(Q3)) == {"V1": ("10.0000", "0.1075")}
    assert tiers(world.card(Q3, "branch:1002")) == {"V1": ("25.0000", "0.5591")}
    assert tiers(world.card(Q3, "manager:M2")) == {"V1": ("25.0000", "0.5591")}
    assert (
        tiers(world.card(Q3, "region:R1")) == tiers(world.card(Q3, "firm")) == {"V1": ("35.0000", "0.6667")}
    )


def test_k10_days_to_date_over_the_full_month_and_all_months(world: World) -> None:
    world.held("C1")
    world.tier("C1", "2026-06-30", "V3")
    world.tier("C1", "2026-07-31", "V3")
    world.month("C1", "2026-07", 31, 31)
    world.month("C1", "2026-08", 5, 10)
    world.run("2026-08-10")
    assert tiers(world.card(Q3)) == {"V3": ("36.0000", str(half_up((1 + Decimal(10) / 31) / 3, 4)))}
    assert tiers(world.card("2026-08")) == {"V3": ("5.0000", "0.3226")}


def test_k6_small_bases_use_the_firm_of_the_same_period(world: World) -> None:
    world.first = day("2025-06")
    world.targets()
    for number in range(4):
        world.held(f"A{number}")
    for number in range(6):
        world.held(f"B{number}", "1005")
    world.event("A0", "2026-08-05", "LOST", "CLOSED")
    world.run("2026-09-30", since="2026-07")
    branch, firm = world.card(Q3), world.card(Q3, "firm")
    assert line(firm, "lost") == {"raw": "0.1000", "used": "0.1000", "score": "0.0000"}
    assert line(branch, "lost") == {
        "raw": "0.2500",
        "used": str(half_up(Decimal(11) / 104, 4)),
        "score": "0.0000",
    }
    assert line(branch, "new") == {"raw": "0.0000", "used": "0.0000", "score": "0.0000"}
    assert (branch.flags, firm.flags) == (["LOW_BASE"], [])


def test_s15_short_history_until_twelve_months_lie_behind(world: World) -> None:
    world.targets("month")
    world.first = day("2025-09")
    world.held("C1")
    for on in ("2026-07-31", "2026-08-31", "2026-09-30"):
        world.tier("C1", on, "V2")
    world.run("2026-09-30")
    short, full = world.card("2026-08"), world.card("2026-09")
    assert (short.flags, line(short, "upgraded")) == (
        ["LOW_BASE", "SHORT_HISTORY"],
        {"raw": "0.0000", "used": None, "score": None},
    )
    assert line(full, "upgraded") == {"raw": "0.0000", "used": "0.0000", "score": "0.0000"}
    assert full.flags == ["LOW_BASE"]


def test_k8_without_targets_there_is_no_total(world: World) -> None:
    world.held("C1")
    world.run("2026-09-30")
    card = world.card(Q3)
    assert (card.total, card.completeness, card.state) == (None, "none", "provisional")
    assert line(card, "new") == {"raw": "0.0000", "used": "0.0000", "score": None}


def test_k8_targets_of_the_unit_before_the_firms_and_by_period(world: World) -> None:
    world.targets(from_start=day("2026-07-01"))
    world.targets(unit="branch:1001", new=("0.1", "0.2"), lost=None, upgraded=None, groups={})
    world.targets(unit="branch:1002", from_start=day("2026-10-01"), new=("0.3", "0.4"))
    world.run("2026-09-30")
    floors = {
        (period, unit): (card := world.card(period, unit)).lines_by_name()["new"].floor
        for period in ("2026-Q2", Q3)
        for unit in ("branch:1001", "branch:1002")
    }
    assert {key: None if floor is None else str(floor) for key, floor in floors.items()} == {
        ("2026-Q2", "branch:1001"): "0.100000",
        ("2026-Q2", "branch:1002"): None,
        (Q3, "branch:1001"): "0.100000",
        (Q3, "branch:1002"): "0.020000",
    }
    assert card.lines_by_name()["lost"].floor == Decimal("0.08")
    assert world.card(Q3).lines_by_name()["lost"].floor is None


def test_u_both_ends_under_the_version_of_the_end(world: World) -> None:
    newer = ModelVersion.objects.create(number=2, definition={}, serves_from=day("2026-08-15"))
    world.held("C1")
    world.tier("C1", "2026-06-30", "V2")
    world.tier("C1", "2026-07-31", "V2")
    world.tier("C1", "2026-09-30", "V3", 2)
    for on in ("2026-06-30", "2026-07-31"):
        RescoredTier.objects.create(client=world.clients["C1"], as_of=day(on), model_version=newer, tier="V3")
    world.run("2026-09-30")
    assert world.counts(Q3) == "B=1 E=1 S=1"
    assert world.card(Q3).model_version == 2
    assert world.card("2026-07").model_version == 1


def test_every_card_can_be_worked_out_again_from_what_it_keeps(world: World) -> None:
    world.targets()
    world.targets("month")
    world.first = day("2025-06")
    world.held("C1", manager="M1")
    world.held("C2", "1005")
    world.event("C2", "2026-08-05", "LOST", "CLOSED")
    for no in ("C1", "C2"):
        world.tier(no, "2026-06-30", "V4")
        world.month(no, "2026-07", "1234.5678", 31)
    world.run("2026-09-30", since="2026-07")
    cards = Scorecard.objects.prefetch_related("lines")
    assert cards.filter(total__isnull=False).count() >= 10
    assert {card.unit_label: deviations(card) for card in cards if deviations(card)} == {}
    card = world.card(Q3)
    card.counts["N"] += 50
    assert deviations(card).keys() == {"new", "total"}


def test_a_card_that_breaks_the_identity_is_withheld_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.targets()
    world.held("C1")
    monkeypatch.setattr("kpis.recompute.rows.identity_holds", lambda counts: counts["E"] == 0)
    world.run("2026-09-30")
    card = world.card(Q3)
    assert (card.state, card.total, card.completeness) == ("withheld", None, "none")
    assert card.notes == [{"rule": "K1", "text": "identity"}]
    assert not ScorecardLine.objects.filter(card=card).exists()
    assert world.card(Q3, "branch:1002").state == "provisional"


# what the database itself holds to


def refused(make: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


@pytest.mark.parametrize(
    ("floor", "target", "name"),
    [("0.08", "0.02", "new"), ("0.03", "0.08", "lost"), ("0.1", "0.1", "upgraded"), (None, "0.1", "new")],
)
def test_targets_of_the_wrong_direction_are_refused(db: None, floor: Any, target: str, name: str) -> None:
    limits = {f"{name}_floor": floor, f"{name}_target": target}
    refused(lambda: Target.objects.create(period_type="month", unit_type="firm", state="approved", **limits))


def test_nobody_approves_an_own_proposal(db: None) -> None:
    base = {"period_type": "month", "unit_type": "firm", "state": "approved", "needs_approval": True}
    refused(lambda: Target.objects.create(**base, proposed_by="person:a", approved_by="person:a"))
    refused(lambda: Target.objects.create(**base, proposed_by="person:a"))
    Target.objects.create(**base, proposed_by="person:a", approved_by="person:b")


SECOND = {"number": 2, "serves_from": date(2026, 1, 1), "proposed_by": "person:a", "approved_by": "person:b"}


def test_a_scheme_sums_to_100_and_never_changes(db: None) -> None:
    refused(lambda: SchemeVersion.objects.create(**SECOND, weight_new=30))
    refused(lambda: SchemeVersion.objects.create(**SECOND, weight_new=-10, weight_lost=60))
    refused(lambda: SchemeVersion.objects.create(**SECOND, cap=121))
    refused(lambda: SchemeVersion.objects.filter(number=1).update(cap=120))
    refused(lambda: SchemeGroup.objects.filter(name="H").update(weight=1))


def test_the_weights_of_a_schemes_groups_sum_to_1(db: None) -> None:
    def make() -> None:
        scheme = SchemeVersion.objects.create(**SECOND)
        SchemeGroup.objects.create(scheme=scheme, position=1, name="H", tiers=["V5"], weight="0.9")
        from django.db import connection

        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused(make)
