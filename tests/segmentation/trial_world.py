"""A crowd whose scores spread over the ladder, rise and fall, for what-if and backtest."""

from datetime import date
from random import Random
from types import SimpleNamespace

from segmentation.actions.drafts import begin_draft
from segmentation.dates import months_between
from segmentation.models import ModelDraft, ModelVersion
from staff.models import Person
from tests.segmentation.by_hand import give
from tests.segmentation.world import World, month
from trading.models import FeedPackage

FIRST, CLOSE, NIGHT = "2024-01", "2024-10-31", "2024-11-12"
CLIENTS = 24
BY_HAND = (
    ("C08", "V5", "2024-08-15", "2025-07-31"),
    ("C14", "V1", "2024-10-20", "2024-11-05"),
    ("C15", "V5", "2024-06-15", "2024-09-15"),
    ("C20", "V3", "2024-11-20", "2025-01-31"),
    ("YOUNG", "V4", "2024-11-05", "2025-02-28"),
)
"""Client, tier, first and last day: for long, at the last close, over before, still to come, a NEW one."""


def crowd(world: World, cast: SimpleNamespace) -> World:
    """Two dozen clients of two kinds and branches over eleven months, one NEW and one lost among them.

    Some have, had or will have a tier by hand."""
    dice = Random(6)
    for number in range(CLIENTS):
        kind, branch = ("institution", "1005") if number % 6 == 5 else ("individual", "1001")
        client = world.client(
            f"C{number:02d}", kind=kind, branch=branch,
            declared_outside_assets=1_000 * number if number % 3 else None,
        )  # fmt: skip
        trend = dice.choice((-1, 0, 1))
        for place, when in enumerate(months_between(month(FIRST), month("2024-11"))):
            grown = max(0.05, 1 + trend * place / 11)
            world.month(
                client, when.isoformat()[:7], round(12_000 + 4_000 * number * grown), branch=branch,
                net_commission=round(100 + 90 * number * grown * dice.random()),
                trades=dice.choice((0, 1, 2)), turnover=round(1_000 * dice.random()),
                inflow=dice.choice((0, 0, 500)), product_families=dice.choice((0, 1, 3)),
            )  # fmt: skip
    young = world.client("YOUNG", opened_on=date(2024, 9, 2), callback_passed_on=date(2024, 9, 3))
    world.months(young, "2024-09", "2024-11", 20_000, net_commission=100)
    world.custody(world.clients["C03"], "2024-09-10", 0)
    for client_no, tier, first, last in BY_HAND:
        give(cast, world.clients[client_no], tier, first, last)
    loaded(date(2024, 1, 2))
    world.run("2024-06-30")
    world.publish("2024-06-30")
    world.run(NIGHT)
    return world


def loaded(day_: date) -> None:
    FeedPackage.objects.create(
        trade_date=day_, version=1, state=FeedPackage.State.LOADED, name=day_.isoformat()
    )


def other_weights(definition: dict) -> dict:
    """Assets count more, an indicator is off, V4 begins higher and V2 sooner."""
    weights = {"assets_avg_3m": "0.75", "net_inflow_ratio": "0", "contribution_12m": "0.4",
               "contribution_3m_x4": "0.6"}  # fmt: skip
    cuts = {"V4": "76", "V2": "22"}
    return {
        **definition,
        "axes": [
            {"code": "current", "weight": "0.2"},
            {"code": "potential", "weight": "0.6"},
            {"code": "loyalty", "weight": "0.2"},
        ],
        "indicators": [
            {**row, "weight": weights.get(row["code"], row["weight"])} for row in definition["indicators"]
        ],
        "tiers": [{**row, "cut": cuts.get(row["code"], row["cut"])} for row in definition["tiers"]],
        "hysteresis": {"up": "1", "down": "0"},
    }


def newest() -> ModelVersion:
    return ModelVersion.objects.order_by("-number")[0]


def begun(person: Person, name: str = "More weight on assets") -> ModelDraft:
    return begin_draft(actor=person, name=name, version=newest())
