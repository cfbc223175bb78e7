"""The ladder (S3, S8, S10): hysteresis at closes and on nights, spans, flags, over scores as they stand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from clients.models import Client
from segmentation import recompute
from segmentation.dates import month_end
from segmentation.models import ClientScore, ScoreClose, TierSpan
from tests.segmentation.world import World, day, month, months_later

D = Decimal


@pytest.fixture
def world(world: World) -> World:
    """The step `tiers` alone, over scores written by hand."""
    world.steps = (recompute.tiers,)
    return world


def base(world: World, client: Client, as_of: date, score: Any, **more: Any) -> dict[str, Any]:
    return {
        "client": client, "as_of": as_of, "branch": world.units["1001"], "kind": "individual", "mature": True,
        "score": None if score is None else D(str(score)), "contribution_12m": D(100),
        "contribution_3m_x4": D(100), "active_months_12m": 3, "assets_end": D(1),
    } | more  # fmt: skip


def closes(world: World, *scores: Any, tonight: Any = None, first: str = "2024-01") -> Client:
    """A client with a score at each close from `first` on (None: not scored, "new": too young)."""
    client = Client.objects.filter(client_no="C1").first() or world.client()
    for number, score in enumerate(scores):
        as_of = month_end(month(months_later(first, number)))
        young = score == "new"
        ScoreClose.objects.create(**base(world, client, as_of, None if young else score, mature=not young))
    if tonight is not None:
        as_of = month(months_later(first, len(scores))).replace(day=12)
        ClientScore.objects.create(**base(world, client, as_of, tonight))
    return client


def climbed(world: World, *scores: Any) -> list[tuple[str, str]]:
    """(tier, rule) at each close."""
    closes(world, *scores)
    world.run(month_end(month(months_later("2024-01", len(scores) - 1))).isoformat())
    return [(row.tier, row.tier_reason) for row in ScoreClose.objects.order_by("as_of")]


@pytest.mark.parametrize(
    ("score", "tier"),
    [
        (0, "V1"),
        ("29.99", "V1"),
        (30, "V2"),
        (50, "V3"),
        ("69.99", "V3"),
        (70, "V4"),
        (85, "V5"),
        (100, "V5"),
    ],
)
def test_a_first_scored_month_takes_the_plain_cut_offs(world: World, score: Any, tier: str) -> None:
    assert climbed(world, "new", score) == [("NEW", "new"), (tier, "first")]


def test_s3_up_from_two_above_the_cut_to_the_highest_such_tier(world: World) -> None:
    found = climbed(world, 40, 51.99, 52, 86.99, 87, 10)
    assert [tier for tier, _rule in found] == ["V2", "V2", "V3", "V4", "V5", "V5"]
    assert [rule for _tier, rule in found] == ["first", "stay", "up", "up", "up", "stay"]


def test_s3_down_one_step_after_three_closes_below_the_own_cut_less_three(world: World) -> None:
    found = climbed(world, 60, 46.99, 47, 46.99, 10, 10, 10, 10)
    assert [tier for tier, _rule in found] == ["V3", "V3", "V3", "V3", "V3", "V2", "V1", "V1"]
    assert found[5] == ("V2", "down")


def test_s3_after_a_step_down_the_closes_before_count_against_the_new_cut(world: World) -> None:
    """A score below 27 three times: V3 to V2 at the third, V2 to V1 at the next close already."""
    assert [tier for tier, _rule in climbed(world, 60, 10, 10, 10, 10)] == ["V3", "V3", "V3", "V2", "V1"]


def test_s3_v4_and_v5_need_six_closes(world: World) -> None:
    found = climbed(world, 72, *[60] * 7)
    assert [tier for tier, _rule in found] == ["V4"] * 6 + ["V3", "V3"]


def test_s3_all_scores_must_exist(world: World) -> None:
    found = climbed(world, 60, 10, None, 10, 10, 10)
    assert [tier for tier, _rule in found] == ["V3", "V3", "V3", "V3", "V3", "V2"]
    assert found[2] == ("V3", "stay")  # S8: no score, the tier stays


def test_s3_no_tier_at_the_previous_close_means_plain_cut_offs(world: World) -> None:
    client = closes(world, 90)
    closes(world, 51, first="2024-03")  # not held in February
    world.run("2024-03-31")
    assert world.close(client, "2024-03-31").tier_reason == "first"
    assert world.close(client, "2024-03-31").tier == "V3"


def test_s3_on_a_night_the_tier_of_the_close_or_higher(world: World) -> None:
    client = closes(world, 60, 10, 10, tonight=10)
    world.run("2024-04-12")
    assert (world.tonight(client).tier, world.tonight(client).tier_reason) == ("V3", "stay")
    ClientScore.objects.update(score=D("72.00"))
    world.run("2024-04-12", since="2024-04")
    assert (world.tonight(client).tier, world.tonight(client).tier_reason) == ("V4", "up")


def spans(client: Client) -> list[tuple[str, str | None, str, str]]:
    found = TierSpan.objects.filter(client=client).order_by("from_date")
    return [
        (
            span.from_date.isoformat(),
            span.to_date.isoformat() if span.to_date else None,
            span.tier,
            span.reason,
        )
        for span in found
    ]


def test_spans_follow_the_closes(world: World) -> None:
    client = closes(world, "new", 40, 60, 60, tonight=60)
    world.run("2024-05-12")
    assert spans(client) == [
        ("2024-01-31", "2024-02-29", "NEW", "new"), ("2024-02-29", "2024-03-31", "V2", "first"),
        ("2024-03-31", None, "V3", "up"),
    ]  # fmt: skip
    assert world.tonight(client).tier_since == day("2024-03-31")


def test_a_rise_counts_from_the_night_whichever_nights_were_run_before(world: World) -> None:
    client = closes(world, 40, tonight=60)
    world.run("2024-02-12")
    assert spans(client) == [("2024-01-31", "2024-02-12", "V2", "first"), ("2024-02-12", None, "V3", "up")]
    ClientScore.objects.update(as_of=day("2024-02-13"))
    world.run("2024-02-13", since="2024-02")
    assert spans(client) == [("2024-01-31", "2024-02-13", "V2", "first"), ("2024-02-13", None, "V3", "up")]
    ClientScore.objects.update(as_of=day("2024-02-14"), score=D(50))
    world.run("2024-02-14", since="2024-02")
    assert spans(client) == [("2024-01-31", None, "V2", "first")]  # the history is that of the closes


def test_a_rise_of_a_client_lost_and_back_within_the_month(world: World) -> None:
    client = closes(world, 40, tonight=60)
    world.run("2024-02-12")
    client.events.create(on_date=day("2024-02-13"), event="LOST", reason="CLOSED", month=month("2024-02"),
                         branch=world.units["1001"])  # fmt: skip
    ClientScore.objects.update(as_of=day("2024-02-14"))
    world.run("2024-02-14", since="2024-02")
    assert spans(client) == [("2024-01-31", "2024-02-13", "V2", "first"), ("2024-02-14", None, "V3", "up")]


def test_the_close_confirms_a_rise_under_its_own_date(world: World) -> None:
    client = closes(world, 40, tonight=60)
    world.run("2024-02-12")
    ScoreClose.objects.create(**base(world, client, day("2024-02-29"), 60))
    world.run("2024-02-29", since="2024-02")
    assert spans(client) == [("2024-01-31", "2024-02-29", "V2", "first"), ("2024-02-29", None, "V3", "up")]
    assert world.tonight(client).tier_since == day("2024-02-29")


def test_a_span_ends_with_the_loss(world: World) -> None:
    client = closes(world, 40, 40)
    client.events.create(on_date=day("2024-03-07"), event="LOST", reason="CLOSED", month=month("2024-03"),
                         branch=world.units["1001"])  # fmt: skip
    world.run("2024-03-12")
    assert spans(client) == [("2024-01-31", "2024-03-07", "V2", "first")]


def test_spans_of_a_client_redone_from_an_earlier_month_are_made_anew(world: World) -> None:
    client = closes(world, 40, 60, 60, tonight=60)
    world.run("2024-04-12")
    assert spans(client)[-1][0] == "2024-02-29"
    ScoreClose.objects.filter(as_of=day("2024-02-29")).update(score=D(40))
    world.run("2024-04-12", since="2024-04", dirty={client: "2024-02"})
    assert spans(client) == [("2024-01-31", "2024-03-31", "V2", "first"), ("2024-03-31", None, "V3", "up")]


@pytest.mark.parametrize(
    ("facts", "score", "flags"),
    [
        ({"contribution_3m_x4": D("49.9999")}, 60, ["at_risk"]),
        ({"contribution_3m_x4": D(50)}, 60, []),
        ({"contribution_3m_x4": D(-1), "contribution_12m": D(0)}, 60, []),  # S10: only when 12m is above 0
        ({"assets_fell": True}, 60, ["at_risk"]),
        ({"assets_fell": True}, 40, []),  # V2
        ({"active_months_12m": 0, "assets_end": D(10_000)}, 40, ["dormant_asset"]),
        ({"active_months_12m": 0, "assets_end": D("9999.9999")}, 40, []),
        (
            {"active_months_12m": 0, "assets_end": D(10_000), "assets_fell": True},
            60,
            ["at_risk", "dormant_asset"],
        ),
    ],
)
def test_s10_flags(world: World, facts: dict[str, Any], score: int, flags: list[str]) -> None:
    client = world.client()
    ScoreClose.objects.create(**base(world, client, day("2024-01-31"), score, **facts))
    world.run("2024-01-31")
    assert world.close(client, "2024-01-31").flags == flags
    assert world.tonight(client).flags == flags


def test_s10_assets_of_the_month_to_date_against_the_largest_month(world: World) -> None:
    world.steps = (recompute.lifecycle_events, recompute.scores)
    exact, below, quiet = (world.client(no) for no in ("EXACT", "BELOW", "QUIET"))
    for client in (exact, below, quiet):
        world.months(client, "2024-01", "2024-02", 0, assets_sum=200_000, days=3)  # 66 666.666…
    world.month(exact, "2024-03", 0, assets_sum=100_000, days=3)
    world.month(below, "2024-03", 0, assets_sum="99999.9999", days=3)
    world.month(quiet, "2024-03", 0, days=0)  # no trading day yet: nothing to compare
    world.run("2024-03-12")
    fell = {row.client.client_no: row.assets_fell for row in ClientScore.objects.select_related("client")}
    assert fell == {"EXACT": False, "BELOW": True, "QUIET": False}
