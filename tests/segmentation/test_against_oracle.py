"""Events, raw values, scores, tiers and flags of the seeded scenario are those the slow oracle reckons."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from segmentation.models import ClientScore, LifecycleEvent, ScoreClose, TierOverride
from staff.models import Person
from tests.oracle import scenario
from tests.oracle.compare import differences
from tests.oracle.config import TIERS, ByHand
from tests.oracle.conftest import oracle, written  # noqa: F401 - fixtures
from tests.oracle.reckon import Oracle, event_rows, standing_rows
from tests.oracle.scenario import Scenario
from tests.segmentation.from_oracle import Seeder
from tests.segmentation.world import World, passed

pytestmark = pytest.mark.xdist_group("agreement")  # beside the others that write and reckon the scenario

RAW = ("contribution_12m", "contribution_3m_x4", "assets_avg_3m", "net_inflow_ratio",
       "declared_outside_assets", "recency_days", "active_months_12m", "turnover_12m", "product_families",
       "tenure_years", "complaints_12m")  # fmt: skip


def found_events() -> list[dict[str, Any]]:
    return [
        {"client_no": event.client.client_no, "date": event.on_date, "event": event.event,
         "reason": event.reason, "branch": event.branch.code, "manager": event.manager_no}
        for event in LifecycleEvent.objects.select_related("client", "branch")
    ]  # fmt: skip


def found_standing(day: date, as_of: date) -> list[dict[str, Any]]:
    source = ClientScore if day == as_of else ScoreClose
    rows = (
        source.objects.filter(as_of=day).exclude(tier="").select_related("client", "branch", "model_version")
    )
    return [
        {"client_no": row.client.client_no, "as_of": row.as_of, "branch": row.branch.code,
         "manager": row.manager_no, "tier": row.tier, "score": row.score, "provisional": row.provisional,
         "model_version": row.model_version.number if row.model_version else None,
         "raw": {name: getattr(row, name) for name in RAW}, "tier_since": row.tier_since,
         "tier_rule": row.tier_reason, "matrix": row.matrix or None, "stage": row.stage, "flags": row.flags}
        for row in rows
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_scenario_agrees_on_every_date(written: Scenario, oracle: Oracle) -> None:  # noqa: F811
    seeder = Seeder(written.declared)
    by_hand = _by_hand(written.clients("crowd"))
    config = replace(oracle.config, by_hand=by_hand)
    for as_of in scenario.AS_OF_DATES:
        facts = oracle.facts(as_of)
        seeder.seed(facts)
        _give(by_hand, seeder)
        world = World(seeder.units, first=facts.first_month)
        world.run(as_of.isoformat())
        config = _publish_when_due(as_of, oracle, config, world)
        ladder = oracle.ladder(as_of, config)
        assert differences(event_rows(ladder), found_events(), ("client_no", "date", "event"),
                           ("reason", "branch", "manager")) == []  # fmt: skip
        for standing in {one.day: one for one in [*ladder.closes, ladder.night]}.values():
            expected = standing_rows(ladder, standing)
            names = tuple(found_standing(standing.day, as_of)[0])[2:] if expected else ()
            assert (
                differences(expected, found_standing(standing.day, as_of), ("client_no", "as_of"), names)
                == []
            )


def _by_hand(crowd: list[str]) -> tuple[ByHand, ...]:
    """Ten of the crowd have a tier by hand, begun and ended around closes and nights of all sorts."""
    firsts = (date(2025, 11, 30), date(2025, 12, 15), date(2026, 1, 21), date(2026, 2, 1))
    lasts = (date(2026, 1, 30), date(2026, 1, 31), date(2026, 3, 18))
    spots = [(first, last) for first in firsts for last in lasts if first <= last]
    return tuple(
        ByHand(no, TIERS[number % 5], first, last)
        for number, (no, (first, last)) in enumerate(zip(crowd[::9], spots, strict=False))
    )


def _give(by_hand: tuple[ByHand, ...], seeder: Seeder) -> None:
    """Each once its client is there."""
    one, two = (
        Person.objects.get_or_create(username=name, employee_no=name, name=name)[0] for name in ("one", "two")
    )
    for told in by_hand:
        if told.client_no in seeder.clients:
            TierOverride.objects.get_or_create(
                client=seeder.clients[told.client_no],
                defaults={
                    "tier": told.tier, "reason": "x", "from_on": told.first, "until_on": told.last,
                    "in_force": (told.first, told.last + timedelta(days=1)), "state": "approved",
                    "proposed_by": one, "approved_by": two, "proposed_at": timezone.now(),
                },
            )  # fmt: skip


@pytest.mark.django_db
def test_callbacks_passed_in_the_house_agree(written: Scenario, oracle: Oracle) -> None:  # noqa: F811
    """Beside the feed's date the earlier one counts, from the close after it (decision 0060)."""
    as_of = scenario.AS_OF_DATES[-1]
    facts, seeder = oracle.facts(as_of), Seeder(written.declared)
    seeder.seed(facts)
    late = {no: told for no, told in facts.clients.items() if told.opened_on >= facts.first_month}
    called = {
        no: told.opened_on + timedelta(days=number % 60) for number, (no, told) in enumerate(late.items())
    }
    called |= dict.fromkeys(written.clients("L2 callback never passed"), as_of)
    for no, day in called.items():
        passed(seeder.clients[no], day)
    World(seeder.units, first=facts.first_month).run(as_of.isoformat())
    expected = event_rows(oracle.ladder(as_of, replace(oracle.config, called_back=called)))
    assert expected != event_rows(oracle.ladder(as_of))
    assert differences(expected, found_events(), ("client_no", "date", "event"),
                       ("reason", "branch", "manager")) == []  # fmt: skip


def _publish_when_due(as_of: date, oracle: Oracle, config: Any, world: World) -> Any:  # noqa: F811
    """Publishes on the scenario's two dates, there and here, and scores anew."""
    dates = (scenario.FIRST_PUBLISHED, scenario.SECOND_PUBLISHED)
    if as_of not in dates:
        return config
    number = dates.index(as_of) + 1
    world.publish(as_of.isoformat())
    world.run(as_of.isoformat())
    return replace(config, published=(*config.published, oracle.publish(as_of, number)))
