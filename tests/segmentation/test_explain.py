"""Why a score and tier are what they are, where something is missing or at the ladder's ends (S3, S8)."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client as Browser
from django.utils import translation

from clients.models import Client
from segmentation.links import NOWHERE
from segmentation.models import ClientScore, ScoreClose
from segmentation.queries import overview
from segmentation.queries.explain import explain, shown
from segmentation.queries.units import UnitChoice
from segmentation.tables import months_table, segment_table, tier_codes
from tests.cast import Speak
from tests.segmentation.test_scores import publish_ladder
from tests.segmentation.world import World, close_of, months_later

D = Decimal
LOYALTY = ("recency_days", "active_months_12m", "turnover_12m", "product_families", "tenure_years")


@pytest.fixture
def held(world: World) -> Client:
    """A client of 1001, scored from January 2024 on."""
    client = world.client()
    world.months(client, "2024-01", "2024-05", 20_000, net_commission=300, trades=1)
    return client


def parts(client: Client) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """(score, share of the whole) of the axes."""
    return {axis.code: (shown(axis.score), shown(axis.share, 4)) for axis in explain(client).axes}


def test_s2_without_breakpoints_there_is_nothing_but_raw_values(
    world: World, held: Client, as_system: Speak, as_person: Speak, cast: SimpleNamespace
) -> None:
    world.run("2024-05-20")
    caller: Browser = as_system("scores:read")
    told = caller.get("/api/v1/clients/C1/score/").json()
    assert {name: told[name] for name in ("score", "tier", "tier_reason", "tier_rule")} == {
        "score": None, "tier": None, "tier_reason": None, "tier_rule": "stay",
    }  # fmt: skip
    assert parts(held) == dict.fromkeys(("current", "potential", "loyalty"), (None, D(0)))
    raw = told["axes"]["current"]["indicators"]["contribution_12m"]
    assert (raw["raw"], raw["score"], raw["adds"]) == ("1500.0000", None, None)
    panel = as_person(cast.agent_1001).get("/segments/clients/C1/score/").content.decode()
    assert 'class="facts"' not in panel
    assert "sparkline" not in panel


def test_s2_the_overview_counts_clients_without_a_tier_last(world: World, held: Client) -> None:
    world.run("2024-05-20")
    rules = explain(held).rules
    night = date(2024, 5, 20)
    rows = segment_table(overview.overview(night, UnitChoice(firm=True)), rules, night, NOWHERE)
    assert [(row.code, row.segment.clients) for row in rows] == [
        *((code, 0) for code in tier_codes(rules)), ("", 1),
    ]  # fmt: skip


def test_s8_an_axis_without_its_weight_gives_it_to_the_others(world: World, held: Client) -> None:
    """Loyalty keeps only complaints (.10 of 1): it is null, and .5 and .3 become .625 and .375."""
    publish_ladder(skip=LOYALTY)
    world.run("2024-05-20")
    found = parts(held)
    assert found["loyalty"] == (None, D(0))
    assert [found[axis][1] for axis in ("current", "potential")] == [D("0.6250"), D("0.3750")]
    row = ClientScore.objects.get()
    added = sum((axis.adds for axis in explain(held).axes if axis.adds is not None), start=0)
    assert (row.provisional, shown(added)) == (True, row.score)


def test_a_client_too_young_to_be_scored_has_raw_values_only(
    world: World, as_system: Speak, as_person: Speak, cast: SimpleNamespace
) -> None:
    young = world.client("C1", opened_on=date(2024, 4, 2), callback_passed_on=date(2024, 4, 3))
    world.months(young, "2024-04", "2024-05", 20_000)
    publish_ladder()
    world.run("2024-05-20")
    told = as_system("scores:read").get("/api/v1/clients/C1/score/").json()
    assert (told["tier"], told["score"], told["axes"]["current"]["score"]) == ("NEW", None, None)
    assert explain(young).next_cut is None


@pytest.mark.parametrize(
    ("tier", "cut"), [("V1", "32"), ("V2", "52"), ("V3", "72"), ("V4", "87"), ("V5", None)]
)
def test_the_score_that_lifts_to_the_next_tier(
    world: World, held: Client, tier: str, cut: str | None
) -> None:
    publish_ladder()
    world.run("2024-05-20")
    ClientScore.objects.update(tier=tier)
    assert explain(held).next_cut == (None if cut is None else D(cut))


@pytest.mark.parametrize(
    ("scores", "tier", "line", "below"),
    [
        (["60", "46.99", "46.99"], "V3", "47", 2),
        (["46", "60", "46"], "V3", "47", 1),
        (["46", "47"], "V3", "47", 0),
        (["46"] * 15, "V3", "47", 13),
        (["10", "10"], "V1", None, 0),
    ],
)
def test_s3_closes_in_a_row_below_the_line(
    world: World, scores: list[str], tier: str, line: str | None, below: int
) -> None:
    """As of the last close: the line is that of the tier at the close before."""
    client = world.client()
    for number, score in enumerate(scores):
        ScoreClose.objects.create(
            client=client, branch=client.branch, as_of=close_of(months_later("2024-01", number)), tier=tier,
            score=D(score), kind="individual", mature=True,
        )  # fmt: skip
    found = explain(client, close_of(months_later("2024-01", len(scores) - 1)))
    assert (found.line, found.below) == (None if line is None else D(line), below)


def test_a_month_over_two_managers_of_one_branch_and_a_second_branch_is_one_row(world: World) -> None:
    client = world.client()
    world.month(client, "2024-05", 1_000, days=10, manager_no="M1", net_commission=5, trades=1)
    world.month(client, "2024-05", 3_000, days=10, manager_no="M2", net_commission=7, inflow=4)
    world.month(client, "2024-05", 0, days=0, branch="1005", outflow=2)
    world.service(client, "2024-05", 1)
    [row] = months_table(list(client.contributions.order_by("-branch__code", "manager_no")))
    names = [world.units[code].name for code in ("1005", "1001")]
    assert (row.trades, row.inflow, row.outflow, row.assets_avg, row.branches) == (1, 4, 2, 2_000, names)
    assert row.income - row.service_cost == row.contribution


def test_a_unit_without_clients_has_an_empty_overview(
    world: World, held: Client, as_person: Speak, cast: SimpleNamespace
) -> None:
    publish_ladder()
    world.run("2024-05-20")
    answer = as_person(cast.value_analyst).get("/segments/?unit=branch:1002")
    assert answer.status_code == 200
    assert answer.context["whole"].clients == 0
    assert [answer.context[name] for name in ("pareto", "sizes", "gini")] == [None] * 3
    with translation.override("en"):
        figures = overview.overview(date(2024, 5, 20), UnitChoice(branch_ids=(world.units["1002"].pk,)))
        rows = segment_table(figures, explain(held).rules, date(2024, 5, 20), NOWHERE)
    assert {(row.of_clients, row.of_value) for row in rows} == {(None, None)}
    assert figures.concentration() == []
