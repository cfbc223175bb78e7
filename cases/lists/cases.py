"""Cases, complaints and incidents as lists."""

from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.filters import CaseFilters, ComplaintFilters
from cases.models import Case, ComplaintDecision
from core import formats
from core.lists import Column, ListPage

TONES = {"new": "info", "reopened": "warn", "resolved": "ok", "closed": ""}
OUTCOMES = dict(ComplaintDecision.Outcome.choices)


def state_badge(case: Case) -> SafeString:
    return format_html(
        '<span class="badge {}">{}</span>', TONES.get(case.state, ""), case.get_state_display()
    )


def due_badge(case: Case) -> SafeString:
    """The nearest deadline; red when over, yellow within an hour."""
    if case.next_due_at is None:
        return format_html('<span class="muted">{}</span>', formats.DASH)
    left = (case.next_due_at - timezone.now()).total_seconds()
    tone = "bad" if left <= 0 else ("warn" if left < 3600 else "")
    return format_html('<span class="badge {}">{}</span>', tone, formats.moment(case.next_due_at))


def client_words(case: Case) -> str:
    return f"{case.client.name} {case.client.client_no}" if case.client else _now("Not known yet")


def _subject(case: Case) -> str:
    mark = "‼ " if case.priority else ""
    return f"{mark}{case.subject}"


class CaseList(ListPage):
    name = "cases"
    caption = _("Cases")
    filterset = CaseFilters
    default_sort = "due"
    count_cap = 1000
    empty_words = _("No cases here")
    empty_advice = _("Open one with C, from a client's page or from a conversation.")
    empty_icon = "briefcase"
    columns = (
        Column(
            "number",
            pgettext_lazy("case", "Number"),
            sort="id",
            descends=True,
            fixed=True,
            link=lambda row: row.get_absolute_url(),
        ),
        Column("subject", _("Subject"), value=_subject, fixed=True),
        Column("state", _("State"), kind="html", value=state_badge),
        Column("due", _("Due"), kind="html", value=due_badge, sort="next_due_at"),
        Column("client", _("Client"), value=client_words, small=False),
        Column("tier", _("Tier"), kind="tier", small=False),
        Column("type", _("Type"), value=lambda row: str(row.type_version), small=False),
        Column("owner", _("Owner"), value="owner__name", small=False),
        Column(
            "opened_at",
            pgettext_lazy("case", "Opened"),
            kind="moment",
            sort="opened_at",
            descends=True,
            small=False,
        ),
        Column("unit", _("Unit"), value="unit__name", shown=False, small=False),
        Column(
            "channel", _("Channel"), value=lambda row: row.get_channel_display(), shown=False, small=False
        ),
        Column("incident", _("Incident"), value="incident__title", shown=False, small=False),
    )


def _outcome(row: Any) -> str:
    return str(OUTCOMES.get(row.substantiated, formats.DASH))


class ComplaintList(ListPage):
    name = "complaints"
    caption = _("Complaints")
    filterset = ComplaintFilters
    default_sort = "-received_on"
    empty_words = _("No complaints")
    empty_advice = _("A case of the type complaint appears here.")
    empty_icon = "shield-alert"
    columns = (
        Column("received_on", _("Received"), kind="day", sort="received_on", descends=True, fixed=True,
               link=lambda row: row.case.get_absolute_url()),
        Column("number", pgettext_lazy("case", "Number"), value="case__number", fixed=True),
        Column("subject", _("Subject"), value="case__subject", small=False),
        Column("business", _("Business"), value=lambda row: row.get_business_display()),
        Column("severity", _("Severity"), value=lambda row: row.get_severity_display()),
        Column("state", _("State"), kind="html", value=lambda row: state_badge(row.case)),
        Column("due", _("Due"), kind="html", value=lambda row: due_badge(row.case), small=False),
        Column("outcome", _("Decision"), value=_outcome),
        Column("owner", _("Owner"), value="case__owner__name", small=False),
        Column("source", _("Came from"), value=lambda row: row.get_source_display(), shown=False),
    )  # fmt: skip


class IncidentList(ListPage):
    name = "incidents"
    caption = _("Incidents")
    default_sort = "-opened_at"
    empty_words = _("No incidents")
    empty_advice = _("Open one when many clients ask about the same event.")
    empty_icon = "siren"
    columns = (
        Column("title", _("Title"), fixed=True, link=lambda row: row.get_absolute_url()),
        Column("state", _("State"), value=lambda row: row.get_state_display()),
        Column("opened_at", pgettext_lazy("case", "Opened"), kind="moment", sort="opened_at", descends=True),
        Column("opened_by", _("Opened by"), value="opened_by__name", small=False),
    )
