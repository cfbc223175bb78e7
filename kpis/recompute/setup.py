"""All that a run's cards share: units, scheme, targets, model versions."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from kpis.models import Adjustment, SchemeVersion, Target, UnitType
from kpis.rules import Period, Scheme, Targets
from kpis.rules.periods import loaded_months_behind
from kpis.units import UnitMap, units_told_by
from segmentation.models import ModelVersion
from staff.models import Person

# Raised when the arithmetic or a statement changes what comes out, so that all cards become stale.
RULES = 1
FIRM = ("firm", "")


@dataclass(frozen=True)
class Serving:
    """A version and the first day it serves (None: from ever)."""

    number: int
    serves_from: date | None
    key: int
    value: Any = None


@dataclass(frozen=True)
class Setup:
    """What a run as of a date reads beside the facts."""

    as_of: date
    first_month: date
    units: UnitMap
    managers: Mapping[str, str]  # manager_no -> name
    schemes: tuple[Serving, ...]
    models: tuple[Serving, ...]
    targets: Mapping[tuple[str, str, str], list[tuple[date, Targets | None]]]  # newest from_start first
    adjusted: Mapping[tuple[str, str, str], list[Adjustment]]  # by period, unit type and code

    @classmethod
    def load(cls, as_of: date, first_month: date) -> "Setup":
        schemes = SchemeVersion.objects.prefetch_related("groups").order_by("number")
        units = units_told_by(as_of)
        models = ModelVersion.objects.filter(state="published").order_by("number")
        return cls(
            as_of=as_of,
            first_month=first_month,
            units=units,
            managers=dict(Person.objects.values_list("employee_no", "name")),
            schemes=tuple(Serving(one.number, one.serves_from, one.pk, one.as_rules()) for one in schemes),
            models=tuple(Serving(one.number, one.serves_from, one.pk) for one in models),
            targets=_targets(),
            adjusted=_adjusted(units),
        )

    def scheme(self, period: Period) -> Serving:
        return _serving(self.schemes, period.start)

    def model(self, day: date) -> Serving:
        """The model version that serves a close or night (S2)."""
        return _serving(self.models, day)

    def targets_of(self, period: Period, unit_type: str, unit_code: str) -> Targets:
        """The unit's own in force for the period, else the firm's, else none; None: back to the firm's."""
        for owner in ((unit_type, unit_code), FIRM):
            rows = self.targets.get((period.type, *owner), ())
            serving = next((targets for from_start, targets in rows if from_start <= period.start), None)
            if serving is not None:
                return serving
        return Targets()

    def adjustments(self, period: Period, unit_type: str, unit_code: str) -> list[Adjustment]:
        """What two persons added to the card of the unit, or of one merged into it, in the period."""
        return self.adjusted.get((period.name, unit_type, unit_code), [])

    def rules(self, period: Period) -> Scheme:
        scheme: Scheme = self.scheme(period).value
        return scheme

    def is_short(self, period: Period) -> bool:
        """Whether too few months lie behind the period for an upgraded rate (S15)."""
        behind = loaded_months_behind(self.first_month, period.opening_day)
        return behind < self.rules(period).months_behind

    def settings(self, period: Period) -> str:
        """A hash of everything here that can change a card of the period."""
        targets = {
            "/".join(owner): self.targets_of(period, *owner[1:]).to_json()
            for owner, rows in sorted(self.targets.items())
            if owner[0] == period.type and rows[-1][0] <= period.start
        }
        content = [
            RULES, self.first_month, self.units.params, self.units.merged_codes,
            sorted((unit.code, unit.opened_on, unit.closed_on) for unit in self.units.units.values()),
            self.scheme(period).number, [(model.number, model.serves_from) for model in self.models], targets,
        ]  # fmt: skip
        adjusted = [
            one.pk for key, found in sorted(self.adjusted.items()) if key[0] == period.name for one in found
        ]
        content += [adjusted] if adjusted else []
        text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _serving(versions: tuple[Serving, ...], day: date) -> Serving:
    serving = versions[0]
    for version in versions:
        if version.serves_from is None or version.serves_from <= day:
            serving = version
    return serving


def _targets() -> dict[tuple[str, str, str], list[tuple[date, Targets | None]]]:
    found: dict[tuple[str, str, str], list[tuple[date, Targets | None]]] = defaultdict(list)
    for target in Target.objects.approved().prefetch_related("groups").order_by("-from_start"):
        owner = (target.period_type, target.unit_type, target.unit_code)
        found[owner].append((target.from_start, None if target.follows_firm else target.as_rules()))
    return dict(found)


def _adjusted(units: UnitMap) -> dict[tuple[str, str, str], list[Adjustment]]:
    """By the unit whose card takes them in: after a merger the successor's, in all periods (K5)."""
    found: dict[tuple[str, str, str], list[Adjustment]] = defaultdict(list)
    for one in Adjustment.objects.filter(state=Adjustment.State.APPROVED).order_by("pk"):
        code = units.successor_code(one.unit_code) if one.unit_type == UnitType.BRANCH else one.unit_code
        found[one.period, one.unit_type, code].append(one)
    return dict(found)
