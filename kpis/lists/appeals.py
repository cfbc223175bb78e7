"""Appeals as a list: open, late, answered; the file of the list is their XLSX."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.lists import Column, ListFilters, ListPage
from kpis.lists.signing import periods
from kpis.models import Adjustment, CardAppeal
from kpis.queries.appeals import is_late, line_words, overdue

LATE, ADJUSTING = "late", "adjusting"
TONES: dict[str, str] = {
    CardAppeal.State.LODGED: "info",
    CardAppeal.State.ACCEPTED: "ok",
    CardAppeal.State.DECLINED: "bad",
}


def state_choices() -> list[tuple[str, Any]]:
    return [*CardAppeal.State.choices, (LATE, _("Late")), (ADJUSTING, _("Adjustment waits"))]


class AppealFilters(ListFilters):
    q = django_filters.CharFilter(field_name="card__unit_code", lookup_expr="istartswith", label=_("Search"))
    state = django_filters.ChoiceFilter(method="at", choices=state_choices, label=_("State"))
    period = django_filters.ChoiceFilter(field_name="card__period", choices=periods, label=_("Period"))

    def at(self, rows: QuerySet, _name: str, state: str) -> QuerySet:
        if state == LATE:
            return rows.filter(overdue(timezone.localdate()))
        if state == ADJUSTING:
            return rows.filter(adjustments__state=Adjustment.State.PROPOSED)
        return rows.filter(state=state)


def state_badge(row: CardAppeal) -> SafeString:
    """Where it stands, as a badge; late ones say so."""
    if is_late(row):
        return format_html('<span class="badge bad">{}</span>', _text("Late"))
    return format_html('<span class="badge {}">{}</span>', TONES.get(row.state, ""), row.get_state_display())


def _unit(row: CardAppeal) -> str:
    return f"{row.card.unit_title} {row.card.unit_code}".strip()


def _line(row: CardAppeal) -> str:
    return line_words().get(row.line, row.line)


def _address(row: CardAppeal) -> str:
    return reverse("kpis:appeal", args=[row.pk])


class AppealList(ListPage):
    name = "scorecard-appeals"
    caption = _("Appeals against scorecards")
    filterset = AppealFilters
    default_sort = "-lodged_at"
    never_null = frozenset({"lodged_at", "id"})
    empty_words = _("No appeal here")
    empty_advice = _("A branch manager lodges one on a card's page of the sign-off.")
    empty_icon = "message-square-warning"

    def __init__(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().__init__(request, queryset)
        self.columns = [
            Column("unit", _("Unit"), value=_unit, link=_address, fixed=True),
            Column("period", _("Period"), value="card__period"),
            Column("line", _("Line of the card"), value=_line),
            Column("state", _("State"), kind="html", value=state_badge, fixed=True),
            Column("answer_by", _("Answer by"), kind="day", sort="answer_by", small=False),
            Column("lodged_by", _("Lodged by"), value="lodged_by__name", small=False),
            Column("lodged_at", _("Lodged at"), kind="moment", sort="lodged_at", descends=True, small=False),
            Column("remedy", _("Remedy"), value=lambda row: row.get_remedy_display(), small=False),
            Column("answered_by", _("Answered by"), value="answered_by__name", small=False),
            Column("text", _("What is wrong"), value="text", shown=False, small=False),
            Column("answer", _("Answer"), value="answer", shown=False, small=False),
            Column("reference", _("Where it is corrected"), value="reference", shown=False, small=False),
        ]
