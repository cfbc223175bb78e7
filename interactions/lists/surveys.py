"""What clients were asked, and what they answered, as a list."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.lists import Column, ListFilters, ListPage
from interactions.models import Survey
from interactions.queries.reasons import reason_words
from interactions.queries.surveys import NEVER_CAME, comment_of

STATES = [
    ("answered", pgettext_lazy("survey", "Answered")), ("open", _("Asked")), ("expired", _("Not answered")),
    ("never", _("Not sent")),
]  # fmt: skip


class SurveyFilters(ListFilters):
    state = django_filters.ChoiceFilter(choices=STATES, label=_("State"), method="in_state")
    line = django_filters.CharFilter(field_name="line__code", label=pgettext_lazy("channel", "Line"))
    satisfaction = django_filters.NumberFilter(
        field_name="satisfaction", lookup_expr="lte", label=_("Satisfaction at most")
    )
    client = django_filters.CharFilter(field_name="client__client_no", label=_("Client number"))

    def in_state(self, rows: QuerySet[Any], _name: str, state: str) -> QuerySet[Any]:
        """As `state_of` tells it."""
        if state == "answered":
            return rows.filter(answered_at__isnull=False)
        waiting = rows.filter(answered_at__isnull=True)
        if state == "never":
            return waiting.filter(delivery__state__in=NEVER_CAME)
        came = waiting.exclude(delivery__state__in=NEVER_CAME)
        now = timezone.now()
        return came.filter(expires_at__gt=now) if state == "open" else came.filter(expires_at__lte=now)


def state_of(row: Survey) -> str:
    """A key of STATES."""
    if row.answered_at:
        return "answered"
    if row.delivery.state in NEVER_CAME:
        return "never"
    return "open" if row.expires_at > timezone.now() else "expired"


def _client(row: Survey) -> str:
    return f"{row.client.name} {row.client.client_no}"


def _mark(value: int | None, most: int) -> str:
    return _now("%(mark)s of %(most)s") % {"mark": value, "most": most} if value is not None else ""


class SurveyList(ListPage):
    name = "surveys"
    caption = _("Surveys")
    filterset = SurveyFilters
    default_sort = "-asked_at"
    empty_words = _("Nobody was asked yet")
    empty_advice = _("Who is asked after a conversation or a case is set in the desk's settings.")
    empty_icon = "star"
    columns = (
        Column("asked_at", _("Asked on"), kind="moment", sort="asked_at", descends=True, fixed=True),
        Column("client", _("Client"), value=_client, fixed=True),
        Column("line", pgettext_lazy("channel", "Line"), value="line__name", small=False),
        Column("state", _("State"), value=lambda row: str(dict(STATES)[state_of(row)])),
        Column("satisfaction", _("Satisfaction"), value=lambda row: _mark(row.satisfaction, 5)),
        Column("recommend", _("Recommends"), value=lambda row: _mark(row.recommend, 10), small=False),
        Column("comment", _("In their words"), value=comment_of, small=False),
        Column("reason", _("Why"), value=lambda row: reason_words(row.delivery), small=False),
    )
