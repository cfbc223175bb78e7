"""Filters of the client list that name a cell of the segment pages: every number leads to its clients.

They belong together: the first of those that are set narrows by all of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from drf_spectacular.utils import extend_schema_field

from clients.filters import tiers
from clients.models import Client
from core.registry import ListFilter
from segmentation.dates import add_months, quarter_start
from segmentation.models import CohortFigure
from segmentation.queries import cells
from segmentation.queries.figures import BANDS, MISSING, band_edges, quarter_of, quarter_text
from segmentation.words import class_words, matrix_words
from staff.models import Unit

NAMES = tuple(one.name for one in fields(cells.Wanted))
MOVES = [
    (cells.ROSE, pgettext_lazy("clients", "Rose")),
    (cells.FELL, pgettext_lazy("clients", "Fell")),
    (cells.STAYED, pgettext_lazy("clients", "Stayed")),
    (cells.CAME, pgettext_lazy("tiers", "Came into a tier")),
    (cells.WENT, pgettext_lazy("tiers", "Left the tiers")),
]
MEANT: dict[str, Callable[[str], Any]] = {"current": int, "potential": int, "opened": quarter_of}
KEPT = [("held", _("Still held")), ("lost", _("Lost since"))]


class _Part:
    """One of the filters of a cell."""

    def filter(self: Any, clients: QuerySet[Client], _value: Any) -> QuerySet[Client]:
        given = self.parent.form.cleaned_data
        told = {name: _meant(name, given[name]) for name in NAMES}
        first = next((name for name in NAMES if told[name] is not None), None)
        if first != self.field_name:
            return clients
        return cells.narrowed(clients, cells.Wanted(**told), self.parent.request.user.scope)


def _meant(name: str, value: Any) -> Any:
    """What was chosen as `cells.Wanted` takes it."""
    if value in (None, ""):
        return None
    return MEANT[name](value) if name in MEANT else value


class DayPart(_Part, django_filters.DateFilter):
    """A date with its picker."""

    def __init__(self, **told: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **told)


class NumberPart(_Part, django_filters.NumberFilter): ...


@extend_schema_field(str)
class ChoicePart(_Part, django_filters.ChoiceFilter): ...


class UnitField(forms.ChoiceField):
    """Regions in sight to choose from; a link may name a branch or a manager too."""

    def valid_value(self, _value: Any) -> bool:
        return True


@extend_schema_field(str)
class UnitPart(_Part, django_filters.Filter):
    """Of record on the date that is asked about, unlike the list's own branch and manager."""

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            given = self.parent.data.get("unit", "") if self.parent.data else ""
            choices = [("", ""), *_regions(self.parent.request.user.scope)]
            if given and given not in dict(choices):
                choices.append((given, given.partition(":")[2] or given))
            self._field = UnitField(choices=choices, required=False, label=self.label)
        return self._field


def _regions(scope: Any) -> Iterable[tuple[str, str]]:
    rows = Unit.objects.filter(kind=Unit.Kind.REGION, closed_on__isnull=True).order_by("code")
    found = rows.values_list("pk", "code", "name")
    return [(f"region:{code}", name) for pk, code, name in found if scope.has_unit(pk)]


def bands() -> list[tuple[str, Any]]:
    """From which score to which; the last band holds 100 too."""
    found = [(str(band), "–".join(str(edge) for edge in band_edges(band))) for band in BANDS]
    return [*found, (str(MISSING), _("Missing"))]


def tiers_or_none() -> list[tuple[str, Any]]:
    return [*tiers(), (cells.NONE, pgettext_lazy("tier", "None"))]


def quarters() -> list[tuple[str, str]]:
    """The quarters of the cohorts that are kept, newest first."""
    newest = quarter_start(timezone.localdate())
    days = (add_months(newest, -3 * back) for back in range(4 * CohortFigure.COHORT_YEARS + 1))
    return [(quarter_text(day), quarter_text(day)) for day in days]


def _of(kind: type[_Part], name: str, label: Any, **told: Any) -> ListFilter:
    return ListFilter(name, lambda: kind(field_name=name, label=label, **told), folded=True)  # type: ignore[call-arg]


def cell_filters() -> list[ListFilter]:
    """What `cells.Wanted` can be asked, by its names."""
    return [
        _of(DayPart, "on", _("Figures of")),
        _of(UnitPart, "unit", _("Unit on record")),
        _of(ChoicePart, "tier_on", _("Tier then"), choices=tiers_or_none),
        _of(ChoicePart, "current", _("Current value"), choices=bands),
        _of(ChoicePart, "potential", _("Potential"), choices=bands),
        _of(ChoicePart, "matrix", _("Matrix"), choices=lambda: list(matrix_words().items())),
        _of(ChoicePart, "asset_class", _("Class by assets"), choices=lambda: list(class_words().items())),
        _of(NumberPart, "contribution_from", _("Contribution from")),
        _of(DayPart, "since", _("Moved since")),
        _of(ChoicePart, "tier_since", _("Tier before"), choices=tiers_or_none),
        _of(ChoicePart, "moved", pgettext_lazy("tiers", "Moved"), choices=MOVES),
        _of(ChoicePart, "opened", _("Opened in"), choices=quarters),
        _of(DayPart, "seen_on", _("Seen on")),
        _of(ChoicePart, "kept", _("Of them"), choices=KEPT),
    ]
