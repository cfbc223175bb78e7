"""Publishing breakpoints (S2, S5, S6, S14): what is taken, what it serves, who may."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, transaction

from core.audit import SystemActor
from core.errors import Conflict
from core.models import AuditEntry, Run
from segmentation.actions.publishing import loaded_months, publish_breakpoints
from segmentation.models import Breakpoint, Curve, ModelVersion, RescoredTier, ScoreClose
from segmentation.recompute.tiers import opening_closes
from tests.segmentation.world import World, day
from trading.models import FeedPackage, StaleMark

D = Decimal


@pytest.fixture
def crowd(world: World) -> World:
    """30 clients of the opening stock with 1 000, 2 000 … of contribution; the first one costs money."""
    for number in range(30):
        client = world.client(f"C{number:02d}")
        income = number * 1_000 if number else -500
        world.months(
            client, "2024-01", "2024-04", 20_000 + number, net_commission=income / 4, trades=number % 2
        )
    young = world.client("YOUNG", opened_on=date(2024, 3, 1), callback_passed_on=date(2024, 3, 2))
    world.months(young, "2024-03", "2024-04", 10**6, net_commission=10**6)
    loaded_on(date(2024, 1, 2))
    world.run("2024-04-30")
    return world


def loaded_on(day_: date) -> None:
    FeedPackage.objects.create(
        trade_date=day_, version=1, state=FeedPackage.State.LOADED, name=day_.isoformat()
    )


def values(indicator: str, version: int = 1) -> list[Decimal]:
    points = Breakpoint.objects.filter(model_version__number=version, kind="individual", indicator=indicator)
    return list(points.order_by("p").values_list("value", flat=True))


def test_s5_s6_quantiles_of_the_clients_scored_that_day(crowd: World) -> None:
    crowd.publish("2024-04-30")
    found = values("contribution_12m")
    assert len(found) == 101
    assert (found[0], found[3], found[4], found[100]) == (
        1_000,
        1_000,
        2_000,
        29_000,
    )  # 29 positive ones, no NEW
    assert found == [D(1_000 * max(1, -(-p * 29 // 100))) for p in range(101)]
    assert values("active_months_12m")[49:51] == [0, 0]  # all values, zeros too
    assert not Breakpoint.objects.filter(indicator__in=["complaints_12m", "declared_outside_assets"]).exists()
    assert Curve.objects.count() == 9


def test_s2_the_first_publication_fills_version_one_and_serves_past_closes(crowd: World) -> None:
    assert set(ScoreClose.objects.values_list("model_version", "score")) == {(None, None)}
    version = crowd.publish("2024-04-30")
    assert (version.number, version.serves_from, version.breakpoints_as_of) == (1, None, day("2024-04-30"))
    mark = StaleMark.objects.get(client=None)
    assert (mark.month, mark.told_on) == (date(2024, 1, 1), date(1900, 1, 1))
    crowd.run("2024-04-30")
    assert not ScoreClose.objects.filter(mature=True, score=None).exists()
    assert set(ScoreClose.objects.values_list("model_version__number", flat=True)) == {1}


def test_s2_a_later_version_serves_from_its_day_on(crowd: World) -> None:
    crowd.publish("2024-04-30")
    crowd.run("2024-04-30")
    before = dict(ScoreClose.objects.filter(as_of=day("2024-03-31")).values_list("client_id", "score"))
    version = crowd.publish("2024-04-30")
    assert (version.number, version.serves_from) == (2, day("2024-04-30"))
    assert StaleMark.objects.filter(month=date(2024, 4, 1), told_on=day("2024-04-30")).exists()
    crowd.run("2024-05-02", since="2024-04")
    served = dict(ScoreClose.objects.values_list("as_of", "model_version__number").distinct())
    assert served == {
        day("2024-01-31"): 1, day("2024-02-29"): 1, day("2024-03-31"): 1, day("2024-04-30"): 2,
    }  # fmt: skip
    after = dict(ScoreClose.objects.filter(as_of=day("2024-03-31")).values_list("client_id", "score"))
    assert after == before


def test_the_closes_that_open_a_period_are_rescored_under_the_newer_version(crowd: World) -> None:
    crowd.publish("2024-04-30")
    crowd.run("2024-04-30")
    crowd.publish("2024-04-30")
    crowd.run("2024-04-30", since="2024-04")
    assert opening_closes(day("2024-05-02")) == [day("2023-12-31"), day("2024-03-31"), day("2024-04-30")]
    found = RescoredTier.objects.filter(model_version__number=2)
    assert set(found.values_list("as_of", flat=True)) == {day("2024-03-31")}
    closes = ScoreClose.objects.filter(as_of=day("2024-03-31"))
    # the same quantiles were taken twice, so the same scores come out
    assert dict(found.values_list("client_id", "score")) == dict(closes.values_list("client_id", "score"))


def test_s14_fewer_than_twelve_closed_months_need_the_word(crowd: World) -> None:
    assert loaded_months(day("2024-04-30")) == 4
    assert loaded_months(day("2024-12-30")) == 11
    with pytest.raises(Conflict, match="4") as refused:
        publish(short_history=False)
    assert refused.value.code == "short_history"
    assert publish(short_history=True).short_history
    assert AuditEntry.objects.get(deed="model.published").detail["short_history"]


def publish(as_of: str = "2024-04-30", **more: Any) -> ModelVersion:
    options = {"short_history": True} | more
    return publish_breakpoints(
        as_of=day(as_of), proposer=SystemActor("a"), approver=SystemActor("b"), **options
    )


def test_publishing_is_refused_without_figures_or_during_a_run_or_backwards(crowd: World) -> None:
    with pytest.raises(Conflict) as refused:
        publish("2024-04-29")
    assert refused.value.code == "no_figures"
    run = Run.objects.create(as_of=day("2024-05-01"), requested_by="x", state=Run.State.RUNNING)
    with pytest.raises(Conflict) as refused:
        publish()
    assert refused.value.code == "run_under_way"
    run.delete()
    publish()
    publish()  # version 2, from 30 April on
    with pytest.raises(Conflict) as refused:
        publish("2024-03-31")
    assert refused.value.code == "later_version"


def test_nobody_to_score_is_said(world: World) -> None:
    client = world.client(opened_on=date(2024, 1, 5), callback_passed_on=date(2024, 1, 6))
    world.months(client, "2024-01", "2024-02", 20_000)
    world.run("2024-02-29")
    with pytest.raises(Conflict) as refused:
        publish("2024-02-29")
    assert refused.value.code == "nobody_scored"


def test_a_published_version_never_changes_and_needs_two_names(crowd: World) -> None:
    version = publish()
    for change in (
        lambda: ModelVersion.objects.filter(pk=version.pk).update(definition={}),
        lambda: Breakpoint.objects.filter(model_version=version).update(value=1),
        lambda: Curve.objects.filter(model_version=version).delete(),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        publish_breakpoints(
            as_of=day("2024-04-30"), proposer=SystemActor("a"), approver=SystemActor("a"), short_history=True
        )


def test_s14_the_command_publishes_the_first_version_and_later_ones_only_where_allowed(
    crowd: World, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ALLOW_COMMAND_LINE_PUBLISH = False
    with pytest.raises(CommandError, match="12"):
        call_command("publish_breakpoints", "--as-of", "2024-04-30")
    call_command("publish_breakpoints", "--as-of", "2024-04-30", "--short-history")
    assert "Version 1" in capsys.readouterr().out
    version = ModelVersion.objects.get(number=1)
    assert version.approved_by == "command line"
    assert version.proposed_by not in {"", "command line"}
    with pytest.raises(CommandError, match="second person"):
        call_command("publish_breakpoints", "--as-of", "2024-04-30", "--short-history")
    settings.ALLOW_COMMAND_LINE_PUBLISH = True
    call_command("publish_breakpoints", "--as-of", "2024-04-30", "--short-history")
    assert ModelVersion.objects.count() == 2
