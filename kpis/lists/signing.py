"""Cards on their way to be frozen, as a list: what waits for whom, what is late."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.lists import Column, ListFilters, ListPage
from kpis.models import PeriodBuild, Scorecard, Stage, UnitType
from kpis.queries import readiness, stages

LATE = "late"
TONES = {
    Stage.WAITING: "info", Stage.CONFIRMED: "info", Stage.SIGNED: "ok", Stage.REVISED: "warn",
    Stage.ADOPTING: "info", Stage.WITHHELD: "bad",
}  # fmt: skip


def sign_off_rows(user: Any) -> QuerySet[Scorecard]:
    """The current cards in sight with how far they are."""
    return stages.listed(user, readiness.all_periods())


def periods() -> list[tuple[str, str]]:
    """Periods that have cards, newest first."""
    names = PeriodBuild.objects.order_by("-start", "period").values_list("period", flat=True)
    return [(name, name) for name in names]


def stage_choices() -> list[tuple[str, Any]]:
    return [*Stage.choices, (LATE, _("Late"))]


class SignOffFilters(ListFilters):
    q = django_filters.CharFilter(method="named", label=_("Search"))
    period = django_filters.ChoiceFilter(choices=periods, label=_("Period"))
    stage = django_filters.ChoiceFilter(method="at_stage", choices=stage_choices, label=_("Stage"))
    unit_type = django_filters.ChoiceFilter(choices=UnitType.choices, label=_("Kind of unit"))

    def named(self, rows: QuerySet, _name: str, typed: str) -> QuerySet:
        return rows.filter(Q(unit_code__istartswith=typed) | Q(unit_name__icontains=typed))

    def at_stage(self, rows: QuerySet, _name: str, stage: str) -> QuerySet:
        if stage == LATE:
            return stages.late(rows, readiness.all_periods(), timezone.localdate())
        return rows.filter(stage=stage)


def stage_badge(row: Any) -> SafeString:
    """How far the card is, as a badge; row is annotated with its stage."""
    return format_html('<span class="badge {}">{}</span>', TONES.get(row.stage, ""), Stage(row.stage).label)


def _unit(row: Scorecard) -> str:
    return f"{row.unit_title} {row.unit_code}".strip()


def _confirmed_by(row: Any) -> str:
    given = getattr(row, "confirmation", None)
    return f"{given.confirmed_by.name}" if given else ""


def _signed_by(row: Any) -> str:
    signed = getattr(row, "sign_off", None)
    return f"{signed.signed_by.name}" if signed else ""


class SignOffList(ListPage):
    name = "sign-offs"
    caption = _("Sign-off")
    filterset = SignOffFilters
    default_sort = "unit"
    never_null = frozenset({"unit_type", "unit_code", "start", "revision", "id"})
    tie = ("unit_type", "id")
    empty_words = _("No card is at this stage")
    empty_advice = _("Choose another stage or period.")
    empty_icon = "signature"

    def __init__(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().__init__(request, queryset)
        self.columns = [
            Column("unit", _("Unit"), value=_unit, sort="unit_code", link=_address, fixed=True),
            Column("kind", _("Kind of unit"), value=lambda row: row.get_unit_type_display(), small=False),
            Column("period", _("Period"), sort="start", descends=True, small=False),
            Column("stage", _("Stage"), kind="html", value=stage_badge, fixed=True),
            Column("total", _("Total score"), kind="score", sort="total", descends=True),
            Column("revision", _("Revision"), kind="number", sort="revision", small=False),
            Column("confirmed_by", _("Confirmed by"), value=_confirmed_by, small=False),
            Column(
                "confirmed_at", _("Confirmed at"), kind="moment", value="confirmation__confirmed_at",
                shown=False, small=False,
            ),
            Column("signed_by", _("Signed by"), value=_signed_by, small=False),
            Column(
                "signed_at", _("Signed at"), kind="moment", value="sign_off__signed_at", shown=False,
                small=False,
            ),
        ]  # fmt: skip

    def called(self, row: Any) -> tuple[Any, Any]:
        return row.pk, _text("%(unit)s, %(period)s") % {"unit": _unit(row), "period": row.period}


def _address(row: Scorecard) -> str:
    return reverse("kpis:card_sign_off", args=[row.pk])
