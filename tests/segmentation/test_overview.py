"""Figures of segments (S9, S11), concentration, the old split, and the client's lifetime value."""

from decimal import Decimal
from fractions import Fraction

import pytest

from segmentation.models import ModelVersion, SegmentFigure, TierRetention
from segmentation.queries import overview, rows
from segmentation.queries.overview import gini, moved
from segmentation.queries.units import UnitChoice
from tests.segmentation.test_scores import publish_ladder
from tests.segmentation.world import World, day

D = Decimal
FIRM = UnitChoice(firm=True)


@pytest.mark.django_db
def test_s11_lifetime_value_to_the_cent() -> None:
    rules = ModelVersion.objects.first_version().rules
    assert rows.lifetime_value(D(1000), Fraction(8, 10), rules) == D("2124.10")
    assert rows.lifetime_value(D(0), None, rules) == D("0.00")
    assert rows.lifetime_value(D(-5), Fraction(1), rules) == D("0.00")
    assert rows.lifetime_value(D(5), None, rules) is None


@pytest.fixture
def firm(world: World) -> World:
    """Ten clients, 1 000 to 10 000 a year; C1 moves to branch 1002, C2 is lost in May 2025."""
    for number in range(1, 11):
        moves = [("2025-03-10", "1002", "M9")] if number == 1 else []
        client = world.client(f"C{number}", moves=moves)
        world.months(
            client, "2024-01", "2025-06", number * 600_000, net_commission=D(number * 1_000) / 12, trades=1
        )
    world.custody(world.clients["C2"], "2025-05-12", 0)
    world.clients["C2"].months.filter(month__gt=day("2025-05-31")).update(assets_sum=0)
    publish_ladder()
    world.run("2025-06-12")
    return world


def test_s11_retention_of_the_tiers_a_year_before(firm: World) -> None:
    kept = {
        row.tier: (row.base_on, row.clients, row.held)
        for row in TierRetention.objects.filter(as_of="2025-06-12")
    }
    base_on, clients, held = (
        day("2024-05-31"),
        sum(row[1] for row in kept.values()),
        sum(row[2] for row in kept.values()),
    )
    assert {row[0] for row in kept.values()} == {base_on}
    assert (clients, held) == (10, 9)
    assert {row.base_on for row in TierRetention.objects.filter(as_of="2024-08-31")} == {day("2024-01-31")}


def test_sizes_and_value_by_tier_and_by_the_old_split(firm: World) -> None:
    found = overview.overview(day("2025-06-12"), FIRM)
    assert found.whole.clients == 9
    assert sum(segment.clients for segment in found.tiers.values()) == 9
    assert {code: segment.clients for code, segment in found.classes.items()} == {"large": 2, "medium": 7}
    assert found.whole.assets == sum(number * 600_000 for number in (1, *range(3, 11)))
    assert sum(count for count in found.crossed.values()) == 9
    # 12 months with the part of June 2024 that has not left
    assert found.whole.contribution == pytest.approx(D(53_000) * (D(12) + D(18) / 30) / 12, abs=1)


def test_figures_of_a_unit_are_those_of_record_on_the_date(firm: World) -> None:
    branch = UnitChoice(branch_ids=(firm.units["1002"].pk,))
    assert overview.overview(day("2025-02-28"), branch).whole.clients == 0
    assert overview.overview(day("2025-03-31"), branch).whole.clients == 1
    nights = set(SegmentFigure.objects.values_list("as_of", flat=True))
    assert day("2025-06-12") in nights
    firm.run("2025-06-13", since="2025-06")
    assert day("2025-06-12") not in set(SegmentFigure.objects.values_list("as_of", flat=True))


def test_concentration_begins_with_the_most_valuable_and_ends_at_all(firm: World) -> None:
    points = overview.overview(day("2025-06-12"), FIRM).concentration()
    assert points[0] == (0.0, 0.0)
    assert points[-1] == (1.0, 1.0)
    assert points[1] == (pytest.approx(1 / 9), pytest.approx(10 / 53))
    assert 0.2 < gini(points) < 0.4


def test_gini_of_even_and_of_one_for_all() -> None:
    assert gini([(0.0, 0.0), (1.0, 1.0)]) == 0
    assert gini([(0.0, 0.0), (0.01, 1.0), (1.0, 1.0)]) == pytest.approx(0.99)
    assert gini([]) is None


def test_s9_migration_pairs_include_those_who_stay_and_null_ends(firm: World) -> None:
    moves = overview.migrations(day("2025-04-30"), day("2025-05-31"), FIRM)
    assert sum(moves.values()) == 10
    assert sum(count for (_from, to), count in moves.items() if to == "") == 1  # C2 has left
    assert ("", "") not in moves
    back = overview.migrations(day("2025-05-31"), day("2025-04-30"), FIRM)
    assert back == {(to, start): count for (start, to), count in moves.items()}


def test_s9_the_unit_is_that_of_record_at_the_end_for_leavers_at_the_start(firm: World) -> None:
    old, new = (UnitChoice(branch_ids=(firm.units[code].pk,)) for code in ("1001", "1002"))
    spring = (day("2025-02-28"), day("2025-03-31"))
    assert sum(overview.migrations(*spring, new).values()) == 1
    assert sum(overview.migrations(*spring, old).values()) == 9
    assert sum(overview.migrations(day("2025-04-30"), day("2025-06-12"), old).values()) == 9  # C2 among them


def test_moved_counts_ranks_only() -> None:
    moves = {("V1", "V2"): 3, ("V3", "V1"): 2, ("V2", "V2"): 5, ("NEW", "V3"): 7, ("V2", ""): 1}
    assert moved(moves, ["V1", "V2", "V3"]) == (3, 2, 5)
