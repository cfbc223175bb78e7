"""Targets of all units of a kind at once, for the grid, its file and its preview."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kpis.models import Target, UnitType
from kpis.queries.pages import managers_to_set, units_to_set
from kpis.queries.schemes import serving_on
from kpis.queries.targets import visible_targets
from kpis.rules import Targets
from kpis.rules.scheme import scaled

Label = str
"""firm, region:R1, branch:1001"""


@dataclass(frozen=True)
class GridUnit:
    """A unit with what serves it from a day on. own: a set of its own; standing: the serving set's key."""

    label: Label
    name: str
    own: bool
    standing: int
    serving: Targets
    waits: bool


def group_names(start: date) -> list[str]:
    """The groups that the scheme of a period which starts on this day scores."""
    return [rule.name for rule in serving_on(start).as_rules().groups]


def grid_units(user: Any, period_type: str, start: date, unit_type: str = "") -> list[GridUnit]:
    """Units whose targets the person may set, of one kind or all; client managers only when asked for.

    Six queries however many there are.
    """
    named = [
        (label, name)
        for label, name in [*units_to_set(user), *managers_of(user, unit_type)]
        if not unit_type or label.partition(":")[0] in (unit_type, UnitType.FIRM)
    ]
    serving = _in_force(period_type, start)
    waiting = set(_labels(Target.objects.filter(period_type=period_type, state=Target.State.PROPOSED)))
    return [_unit(label, name, serving, waiting) for label, name in named]


def managers_of(user: Any, unit_type: str) -> list[tuple[Label, str]]:
    """Client managers where they are asked for."""
    return managers_to_set(user) if unit_type == UnitType.MANAGER else []


@dataclass(frozen=True)
class Copied:
    """What is copied into the grid: from a period's start or a unit (none: what serves), times a factor."""

    start: date | None = None
    unit: Label = ""
    factor: Decimal = Decimal(1)
    only: str = ""  # indicator or group that the factor is for; all of them


def copied(units: list[GridUnit], period_type: str, start: date, wish: Copied) -> dict[Label, Targets]:
    """What stands in each unit's cells: what serves it, or what is copied in, times the factor."""
    sources = {unit.label: unit.serving for unit in units}
    if wish.start or wish.unit:
        serving = _in_force(period_type, wish.start or start)
        labels = {label: wish.unit or label for label in sources}
        sources = {label: _served(source, serving) for label, source in labels.items()}
    return {label: _scaled(targets, wish) for label, targets in sources.items()}


def _scaled(targets: Targets, wish: Copied) -> Targets:
    names = [wish.only] if wish.only else [*targets.rates, *targets.groups]
    return scaled(targets, wish.factor, names)


def _served(label: Label, serving: dict[Label, Target]) -> Targets:
    found = _own(label, serving) or serving.get(UnitType.FIRM)
    return found.as_rules() if found else Targets()


def _own(label: Label, serving: dict[Label, Target]) -> Target | None:
    """The unit's own set; None too where it follows the firm's."""
    own = serving.get(label)
    return None if own is None or own.follows_firm else own


def _unit(label: Label, name: str, serving: dict[Label, Target], waiting: set[Label]) -> GridUnit:
    own = _own(label, serving)
    found = own or serving.get(UnitType.FIRM)
    return GridUnit(
        label=label,
        name=name,
        own=own is not None,
        standing=found.pk if found else 0,
        serving=found.as_rules() if found else Targets(),
        waits=label in waiting,
    )


def _in_force(period_type: str, start: date) -> dict[Label, Target]:
    """The set of each unit that serves a period which starts on this day."""
    rows = Target.objects.approved().filter(period_type=period_type, from_start__lte=start)
    return {target.unit: target for target in rows.prefetch_related("groups").order_by("from_start")}


def _labels(targets: Iterable[Target]) -> list[Label]:
    return [target.unit for target in targets]


@dataclass(frozen=True)
class Waiting:
    """Proposals of one person for one period type and first period: answered together."""

    period_type: str
    from_start: date
    proposed_by: str
    first_period: str
    type_words: str
    count: int


def waiting(user: Any) -> list[Waiting]:
    """What waits for a second person, by period type, first period and proposer; the oldest first."""
    found: dict[tuple[str, date, str], list[Target]] = {}
    for target in visible_targets(user).filter(state=Target.State.PROPOSED).order_by("proposed_at"):
        found.setdefault((target.period_type, target.from_start, target.proposed_by), []).append(target)
    return [
        Waiting(*key, rows[0].first_period, rows[0].get_period_type_display(), len(rows))
        for key, rows in found.items()
    ]


def history(user: Any, label: Label, period_type: str) -> list[Target]:
    """Every set a unit ever had or was proposed, the newest first; empty when the unit is not in sight."""
    unit_type, _colon, code = label.partition(":")
    rows = visible_targets(user).filter(unit_type=unit_type, unit_code=code, period_type=period_type)
    return list(rows.order_by("-proposed_at", "-pk")[:100])


def has_own(label: Label, period_type: str) -> bool:
    """Whether a set of its own serves the unit in periods now or to come."""
    unit_type, _colon, code = label.partition(":")
    own = Target.objects.approved().filter(period_type=period_type, unit_type=unit_type, unit_code=code)
    newest = own.order_by("-from_start").first()
    return unit_type != UnitType.FIRM and newest is not None and not newest.follows_firm


def proposals(user: Any, group: Waiting) -> list[Target]:
    """The sets that wait together."""
    rows = visible_targets(user).filter(
        state=Target.State.PROPOSED, period_type=group.period_type, from_start=group.from_start,
        proposed_by=group.proposed_by,
    )  # fmt: skip
    return list(rows.order_by("pk"))
