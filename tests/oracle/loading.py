"""Takes the scenario into a database by the doors that real data takes, and runs nights over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from clients.models import FIRST_DAY, Client
from core.audit import SystemActor
from core.models import Run
from crm import nightly
from interactions.actions.log import Entry, import_interactions
from interactions.models import ChannelRate
from kpis.models import Target, TargetGroup
from segmentation.actions.publishing import publish_breakpoints
from segmentation.models import ModelVersion
from trading.feed import LoadResult, load_package

from . import scenario
from .config import Targets

ACTOR, SECOND = SystemActor("loader"), SystemActor("second person")
RATES = ("new", "lost", "upgraded")


def furnish() -> None:
    """The scenario's settings: what service costs, floors and targets."""
    ChannelRate.objects.all().delete()
    ChannelRate.objects.bulk_create(
        ChannelRate(channel=channel, effective_on=FIRST_DAY, per_minute=minute, per_message=message)
        for channel, (minute, message) in scenario.CHANNEL_COSTS.items()
    )
    for (period_type, unit), targets in scenario.TARGETS.items():
        _set_targets(period_type, unit, targets)


def _set_targets(period_type: str, unit: str, targets: Targets) -> None:
    unit_type, _, code = unit.partition(":")
    limits = {
        f"{name}_{side}": getattr(targets, name)[end]
        for name in RATES
        for end, side in enumerate(("floor", "target"))
    }
    target = Target.objects.create(
        period_type=period_type,
        unit_type=unit_type,
        unit_code=code,
        state="approved",
        proposed_by="x",
        **limits,
    )
    TargetGroup.objects.bulk_create(
        TargetGroup(owner=target, name=name, floor=floor, target=limit)
        for name, (floor, limit) in targets.profitability.items()
    )


def load(packages: Iterable[Path]) -> list[LoadResult]:
    """Loads the packages in the order given."""
    return [load_package(package, actor=ACTOR) for package in packages]


def declare(declared: Mapping[str, Decimal]) -> None:
    """Notes the assets held elsewhere of the clients that are known by now."""
    for client_no, amount in declared.items():
        Client.objects.filter(client_no=client_no).update(declared_outside_assets=amount)


def talk(interactions: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Takes over the interactions with clients known by now; returns those with clients to come."""
    known = {client.client_no: client for client in Client.objects.all()}
    told = list(interactions)
    rows = [(known[one["client_no"]], None, _entry(one)) for one in told if one["client_no"] in known]
    import_interactions(actor=ACTOR, rows=rows, source="scenario")
    return [one for one in told if one["client_no"] not in known]


def _entry(told: Mapping[str, Any]) -> Entry:
    return Entry(
        channel=told["channel"],
        direction="in",
        category="enquiry.account",
        summary="...",
        started_at=datetime.fromisoformat(told["started_at"]),
        minutes=Decimal(told["minutes"]),
        messages=told["messages"],
    )


def night(as_of: date) -> Run:
    """A whole nightly run."""
    run = nightly.execute(nightly.request_run(as_of=as_of, actor=ACTOR).pk)
    assert run.state == Run.State.DONE
    return run


def publish(as_of: date, *, short_history: bool = False) -> ModelVersion:
    """Breakpoints from the figures of the last night; the next one scores with them."""
    return publish_breakpoints(as_of=as_of, proposer=ACTOR, approver=SECOND, short_history=short_history)
