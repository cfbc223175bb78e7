"""Raw values and scores (segmentation.md, S1-S8, S13): what is stored at closes and on nights."""

from datetime import date
from decimal import Decimal

import pytest

from segmentation.interpolation import lines
from segmentation.models import Breakpoint, Curve, ModelVersion, ScoreClose
from segmentation.queries.explain import explain, shown
from tests.segmentation.world import World, day

D = Decimal
LADDER = [D(step * 100) for step in range(101)]  # quantiles 0, 100 … 10 000: rank = value / 100


def publish_ladder(kinds: tuple[str, ...] = ("individual",), skip: tuple[str, ...] = ()) -> ModelVersion:
    """Version 1 with simple breakpoints for every indicator that is not skipped."""
    version = ModelVersion.objects.first_version()
    for kind in kinds:
        for one in version.rules.indicators:
            if one.has_breakpoints and one.code not in skip:
                Breakpoint.objects.bulk_create(
                    Breakpoint(model_version=version, kind=kind, indicator=one.code, p=p, value=value)
                    for p, value in enumerate(LADDER)
                )
                xs, starts, slopes = lines(one, LADDER)
                Curve.objects.create(
                    model_version=version, kind=kind, indicator=one.code, xs=xs, starts=starts, slopes=slopes
                )
    version.breakpoints_as_of = date(2024, 1, 31)
    version.published_at = "2024-02-01T00:00:00Z"
    version.save()
    return ModelVersion.objects.get(pk=version.pk)


def test_s1_scored_from_the_third_month_end_after_effective(world: World) -> None:
    client = world.client(opened_on=date(2024, 7, 2), callback_passed_on=date(2024, 7, 3))
    world.months(client, "2024-07", "2024-11", 20_000)
    publish_ladder()
    world.run("2024-11-30")
    found = [(row.as_of.month, row.tier, row.score is None) for row in ScoreClose.objects.order_by("as_of")]
    assert found == [
        (7, "NEW", True),
        (8, "NEW", True),
        (9, "NEW", True),
        (10, "V1", False),
        (11, "V1", False),
    ]


def test_s1_opening_stock_counts_from_opened_on_also_on_a_night(world: World) -> None:
    client = world.client(opened_on=date(2023, 11, 20))
    world.months(client, "2024-01", "2024-03", 20_000)
    publish_ladder()
    world.run("2024-02-19")
    assert (world.tonight(client).tier, world.tonight(client).score) == ("NEW", None)
    world.run("2024-02-20", since="2024-02")
    assert world.tonight(client).score is not None
    assert world.tonight(client).tier_reason == "first"


def test_s1_effective_at_the_end_of_february_is_scored_from_the_end_of_may(world: World) -> None:
    client = world.client(opened_on=date(2024, 2, 2), callback_passed_on=date(2024, 2, 3))
    world.months(client, "2024-02", "2024-05", 20_000)
    publish_ladder()
    world.run("2024-05-30")
    assert world.tonight(client).tier == "NEW"
    world.run("2024-05-31", since="2024-05")
    assert world.tonight(client).tier == "V1"


def test_s1_who_is_not_held_leaves_at_once_and_a_reactivated_client_is_not_new(world: World) -> None:
    client = world.client()
    world.months(client, "2024-01", "2024-04", 20_000)
    world.custody(client, "2024-02-10", 0)
    publish_ladder()
    world.run("2024-02-15")
    assert not world.score_rows(client)
    world.run("2024-04-30", since="2024-02")
    rows = {row.as_of.month: row.tier for row in ScoreClose.objects.all()}
    assert rows == {1: "V1", 3: "V1", 4: "V1"}


def test_s2_version_one_without_breakpoints_scores_nobody(world: World) -> None:
    client = world.client(opened_on=date(2022, 1, 1))
    world.months(client, "2024-01", "2024-02", 20_000)
    world.run("2024-02-29")
    row = world.close(client, "2024-02-29")
    assert (row.score, row.tier, row.model_version, row.provisional) == (None, "", None, False)
    assert row.contribution_12m == 0  # the raw values are there for the first publication


def test_s4_raw_values_are_rounded_half_up_before_scoring(world: World) -> None:
    client = world.client()
    world.month(client, "2024-01", assets_sum="20000.0001", days=2, inflow="0.0001", outflow="1000.0002")
    publish_ladder()
    world.run("2024-01-31")
    row = world.close(client, "2024-01-31")
    assert row.assets_avg_3m == D("10000.0001")  # 10000.00005
    assert row.net_inflow_ratio == D("-0.100000")
    assert row.tenure_years == D("4.082136")


def test_s7_recency_by_the_last_row_in_trades_else_by_opening(world: World) -> None:
    long_ago = world.client("LONG", opened_on=date(2019, 1, 1))
    world.month(long_ago, "2024-01", 20_000, trades=1, last_trade_on=date(2024, 1, 9))
    world.months(long_ago, "2024-02", "2025-04", 20_000)
    never = world.client("NEVER", opened_on=date(2023, 12, 31))
    world.months(never, "2024-01", "2025-04", 20_000)
    publish_ladder()
    world.run("2025-04-30")
    assert world.close(long_ago, "2025-04-30").recency_days == (date(2025, 4, 30) - date(2024, 1, 9)).days
    assert world.close(never, "2025-04-30").recency_days == 486
    assert world.close(long_ago, "2025-04-30").active_months_12m == 0


def test_s7_ratio_is_null_without_days_or_assets_and_outside_assets_come_from_the_record(
    world: World,
) -> None:
    indebted = world.client("DEBT", declared_outside_assets=D("7.5"))
    world.month(indebted, "2024-01", 20_000)
    world.months(indebted, "2024-02", "2024-03", -20_000, inflow=5)
    idle = world.client("IDLE")
    world.month(idle, "2024-01", 0, days=0, net_commission=50, product_families=9)
    publish_ladder()
    world.run("2024-03-31")
    row = world.close(indebted, "2024-03-31")
    assert (row.net_inflow_ratio, row.declared_outside_assets) == (None, D("7.5"))
    first = world.close(idle, "2024-01-31")
    assert (first.assets_avg_3m, first.net_inflow_ratio, first.product_families) == (None, None, 6)


class TestMissing:
    """S8: what is missing gives its weight to the others of its axis, a missing axis to the others."""

    def client(self, world: World, skip: tuple[str, ...]) -> ScoreClose:
        client = world.client(declared_outside_assets=D(5_000))
        world.month(client, "2024-01", 5_000, inflow=0, net_commission=2_000, trades=1)
        publish_ladder(skip=skip)
        world.run("2024-01-31")
        return world.close(client, "2024-01-31")

    def test_s8_weight_is_spread_within_the_axis(self, world: World) -> None:
        row = self.client(world, ("net_inflow_ratio",))
        # average assets and outside assets 5 000: rank 50, so 55; the ratio's .25 goes to them
        assert row.potential == pytest.approx(55.0, abs=1e-12)
        assert not row.provisional

    def test_s8_exactly_half_missing_is_not_too_much(self, world: World) -> None:
        row = self.client(world, ("net_inflow_ratio", "declared_outside_assets"))
        assert row.potential == pytest.approx(55.0, abs=1e-12)

    def test_s8_more_than_half_missing_is_no_axis_and_provisional(self, world: World) -> None:
        row = self.client(world, ("net_inflow_ratio", "assets_avg_3m"))
        assert row.potential is None
        assert row.provisional
        assert row.matrix == ""
        current = 0.7 * 28 + 0.3 * 82  # 2 000 and 4 times it: 10 + 0.9 x 20 and 10 + 0.9 x 80
        assert row.current == pytest.approx(current, abs=1e-12)
        assert row.score == round(D(str((0.5 * row.current + 0.2 * row.loyalty) / 0.7)), 2)

    def test_s8_all_axes_null_no_score_and_the_tier_stays(self, world: World) -> None:
        client = world.client(kind="product")
        world.months(client, "2024-01", "2024-02", 20_000)
        publish_ladder()
        world.run("2024-01-31")
        ScoreClose.objects.update(tier="V3", tier_since=day("2024-01-31"), score=D(60))
        world.run("2024-02-29", since="2024-02")
        row = world.close(client, "2024-02-29")
        assert (row.score, row.provisional, row.tier, row.tier_reason) == (None, False, "V3", "stay")
        assert row.tier_since == day("2024-01-31")

    def test_complaints_have_no_breakpoints_and_score_by_rule(self, world: World) -> None:
        client = world.client()
        world.month(client, "2024-01", 20_000)
        publish_ladder()
        world.run("2024-01-31")
        parts = {part.indicator.code: part for part in explain(client).axes[2].indicators}
        assert (parts["complaints_12m"].raw, parts["complaints_12m"].score) == (0, 100)


def test_s13_flows_of_the_leaving_month_are_weighted_on_a_night(world: World) -> None:
    """12m on 10 October 2025: November 2024 to 10 October 2025 and October 2024 x 21/31."""
    client = world.client()
    world.months(client, "2024-01", "2024-09", 20_000)
    world.month(client, "2024-10", 20_000, net_commission="1.0000", turnover=31, inflow=310, trades=1)
    world.month(client, "2024-11", 20_000, net_commission=2)
    world.months(client, "2024-12", "2025-06", 20_000)
    world.month(client, "2025-07", 20_000, net_commission=31)
    world.months(client, "2025-08", "2025-09", 20_000)
    world.month(client, "2025-10", 40_000, days=5, net_commission=5)
    world.service(client, "2024-10", "0.5")
    publish_ladder()
    world.run("2025-10-10")
    row = world.tonight(client)
    assert row.contribution_12m == D("38.3387")  # 2 + 31 + 5 + 0.5 x 21 / 31 = 38.33870…
    assert row.contribution_3m_x4 == D("104.0000")  # 4 x (5 + 31 x 21 / 31)
    assert row.turnover_12m == D("21.0000")
    assert row.active_months_12m == 0  # not weighted: October 2024 has left
    assert row.assets_avg_3m == round(D(20_000 * 40 + 40_000 * 5) / 45, 4)
    year = D(20_000 * 220 + 40_000 * 5) / 225
    assert row.net_inflow_ratio == round(D(210) / year, 6)
    world.run("2025-10-31", since="2025-10")
    assert world.close(client, "2025-10-31").contribution_12m == D("38.0000")


def test_service_cost_without_facts_of_the_month_counts(world: World) -> None:
    client = world.client()
    world.month(client, "2024-01", 20_000, net_commission=10)
    world.month(client, "2024-02", 20_000)
    world.service(client, "2024-02", "12.5")
    publish_ladder()
    world.run("2024-02-29")
    assert world.close(client, "2024-02-29").contribution_12m == D("-2.5000")


def test_the_explanation_adds_up_to_the_stored_score(world: World) -> None:
    client = world.client(declared_outside_assets=D("1234.5"))
    world.months(
        client, "2024-01", "2024-06", 4_321, net_commission="77.7777", trades=2, inflow=100, turnover=5_000
    )
    publish_ladder()
    world.run("2024-06-18")
    explanation = explain(client)
    added = sum(part.adds for axis in explanation.axes for part in axis.indicators if part.adds is not None)
    assert shown(added) == explanation.row.score
    assert sum(axis.share for axis in explanation.axes) == 1
    for axis in explanation.axes:
        assert float(axis.score) == pytest.approx(getattr(explanation.row, axis.code), abs=1e-9)
