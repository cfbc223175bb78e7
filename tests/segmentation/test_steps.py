"""What moved a score since the last close and which service would raise it most, against a slow reckoning."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client
from segmentation.models import ClientScore, ModelVersion, ScoreClose
from segmentation.queries.explain import explain, shown
from segmentation.queries.steps import changes, steps
from tests.cast import Speak, make_cast
from tests.segmentation.test_scores import publish_ladder
from tests.segmentation.world import World, day

D = Decimal
AXES = {"current": "0.5", "potential": "0.3", "loyalty": "0.2"}
WEIGHTS = {
    "current": {"contribution_12m": "0.7", "contribution_3m_x4": "0.3"},
    "potential": {"assets_avg_3m": "0.5", "net_inflow_ratio": "0.25", "declared_outside_assets": "0.25"},
    "loyalty": {
        "recency_days": "0.15", "active_months_12m": "0.15", "turnover_12m": "0.1",
        "product_families": "0.25", "tenure_years": "0.25", "complaints_12m": "0.1",
    },
}  # fmt: skip
POSITIVE = ("contribution_12m", "contribution_3m_x4", "assets_avg_3m", "declared_outside_assets")
Raw = dict[str, Any]


def points(name: str, raw: Any) -> Fraction | None:
    """An indicator under breakpoints 0, 100 … 10 000: its rank is a hundredth of the value (S4-S6)."""
    if raw is None:
        return None
    if name == "complaints_12m":
        return Fraction(max(0, 100 - 25 * raw))
    value = Fraction(raw)
    rank = min(max(value / 100, Fraction(0)), Fraction(100))
    if name in POSITIVE:
        return Fraction(0) if value <= 0 else 10 + Fraction(9, 10) * rank
    return 100 - rank if name == "recency_days" else rank


def whole(raw: Raw) -> Fraction:
    """The score, exact: means of what is there, an axis with more than half missing left out (S8)."""
    axes = {}
    for axis, weights in WEIGHTS.items():
        there = {
            name: (Fraction(weight), points(name, raw[name]))
            for name, weight in weights.items()
            if raw[name] is not None
        }
        total = sum(weight for weight, _points in there.values())
        if total >= Fraction(1, 2):
            axes[axis] = sum(weight * found for weight, found in there.values()) / total
    return sum(Fraction(AXES[axis]) * score for axis, score in axes.items()) / sum(
        Fraction(AXES[axis]) for axis in axes
    )


def reckoned(raw: Raw) -> dict[str, Fraction]:
    """What each service would add, as docs/segmentation.md tells the steps."""
    tenth = {
        name: raw[name] * D("1.1") for name in ("contribution_12m", "contribution_3m_x4", "turnover_12m")
    }
    inflow = max(raw["assets_avg_3m"] * D("0.1"), D(10_000))
    brought: Raw = {"assets_avg_3m": raw["assets_avg_3m"] + inflow}
    if raw["assets_avg_3m"] > 0 and raw["net_inflow_ratio"] is not None:
        brought["net_inflow_ratio"] = raw["net_inflow_ratio"] + round(inflow / raw["assets_avg_3m"], 6)
    wished: dict[str, Raw] = {
        "stay_active": {"active_months_12m": min(12, raw["active_months_12m"] + 1), "recency_days": 0},
        "bring_assets": brought,
        "trade_more": {name: value for name, value in tenth.items() if value > 0},
    }
    if raw["product_families"] < 6:
        wished["one_more_family"] = {"product_families": raw["product_families"] + 1}
    if raw["declared_outside_assets"] is None and raw["assets_avg_3m"]:
        wished["ask_outside"] = {"declared_outside_assets": raw["assets_avg_3m"]}
    gains = {name: whole(raw | change) - whole(raw) for name, change in wished.items()}
    return {name: gain for name, gain in gains.items() if gain > 0}


def money(least: int = -500, most: int = 12_000) -> Any:
    return st.decimals(least, most, places=2)


RAW = st.fixed_dictionaries(
    {
        "contribution_12m": money(), "contribution_3m_x4": money(), "assets_avg_3m": money(0),
        "net_inflow_ratio": st.one_of(st.none(), st.decimals(-1, 3, places=2)),
        "declared_outside_assets": st.one_of(st.none(), money(0)), "recency_days": st.integers(0, 900),
        "active_months_12m": st.integers(0, 12), "turnover_12m": money(0),
        "product_families": st.integers(0, 6), "tenure_years": st.decimals(0, 10, places=2),
        "complaints_12m": st.integers(0, 5),
    }
)  # fmt: skip


@pytest.fixture
def version(world: World) -> ModelVersion:
    return publish_ladder()


@pytest.fixture
def client(world: World) -> Client:
    return world.client()


def put(client: Client, version: ModelVersion, raw: Raw, close: Raw | None = None) -> None:
    """The client's row of a night, and of the close before."""
    base: Raw = {"client": client, "branch": client.branch, "kind": "individual", "mature": True,
                 "model_version": version, "tier": "V2"}  # fmt: skip
    ClientScore.objects.all().delete()
    ScoreClose.objects.all().delete()
    ClientScore.objects.create(**base, **raw, as_of=day("2024-05-20"), score=shown(whole(raw)))
    if close is not None:
        ScoreClose.objects.create(**base, **close, as_of=day("2024-04-30"), score=shown(whole(close)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=RAW, close=RAW)
def test_changes_and_gains_are_those_reckoned_slowly(
    version: ModelVersion, client: Client, raw: Raw, close: Raw
) -> None:
    put(client, version, raw, close)
    explanation = explain(client)
    found = changes(explanation)
    assert found is not None
    assert sum(axis.points for axis in found.axes) == whole(raw) - whole(close)
    for axis in found.axes:
        assert sum(part.points for part in axis.parts) == axis.points
    best = steps(explanation)
    assert {step.service: step.gain for step in best} == reckoned(raw)
    assert [step.gain for step in best] == sorted((step.gain for step in best), reverse=True)


PLAIN: Raw = {
    "contribution_12m": D(4000), "contribution_3m_x4": D(2000), "assets_avg_3m": D(5000),
    "net_inflow_ratio": D("0.5"), "declared_outside_assets": None, "recency_days": 40, "active_months_12m": 3,
    "turnover_12m": D(900), "product_families": 1, "tenure_years": D(4), "complaints_12m": 0,
}  # fmt: skip


def test_without_a_score_now_or_then_nothing_is_said(version: ModelVersion, client: Client) -> None:
    put(client, version, PLAIN)
    assert changes(explain(client)) is None
    put(client, version, PLAIN, PLAIN)
    ClientScore.objects.update(score=None, mature=False, tier="NEW")
    explanation = explain(client)
    assert (changes(explanation), steps(explanation)) == (None, [])


def test_the_step_that_lifts_a_tier_says_so(version: ModelVersion, client: Client) -> None:
    put(client, version, PLAIN)
    ClientScore.objects.update(tier="V1")
    found = {step.service: step.tier for step in steps(explain(client))}
    lifted = {name for name, gain in reckoned(PLAIN).items() if whole(PLAIN) + gain >= 32}
    assert {name for name, tier in found.items() if tier} == lifted


def test_page_and_api_say_it(
    version: ModelVersion, client: Client, as_person: Speak, as_system: Speak, units: Any
) -> None:
    put(client, version, PLAIN, PLAIN | {"contribution_12m": D(3000), "product_families": 2})
    cast: SimpleNamespace = make_cast(units)
    browser: Browser = as_person(cast.agent_1001)
    page = browser.get("/segments/clients/C1/score/").content.decode()
    assert "最有效的一项服务" in page
    assert "自 2024-04-30 以来" in page
    told = as_system("scores:read").get("/api/v1/clients/C1/score/").json()
    axis = told["changes"]["axes"]["current"]
    assert axis["indicators"]["contribution_12m"] == {
        "raw_before": "3000.0000", "raw": "4000.0000", "score_before": "37.00", "score": "46.00",
        "points": "3.15",  # 9 more x .7 x .5
    }  # fmt: skip
    assert told["services"][0]["service"] == max(reckoned(PLAIN), key=lambda name: reckoned(PLAIN)[name])
    assert told["override"] is None
