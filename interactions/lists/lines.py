"""Lines and parked events as lists; nothing of what was said, nor who said it."""

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import formats
from core.lists import Column, ListFilters, ListPage
from interactions.actions.lines import is_platform
from interactions.models import ChannelEvent, Line
from interactions.queries.lines import COUNTED, lines_of

STATES = [("on", _("On")), ("off", _("Switched off"))]
TRY = '<button class="button small" form="try-again" name="only" value="{}" aria-label="{}">{}</button>'


class LineFilters(ListFilters):
    q = django_filters.CharFilter(method="named", label=_("Search"))
    adapter = django_filters.ChoiceFilter(choices=Line.Adapter.choices, label=_("Adapter"))
    state = django_filters.ChoiceFilter(method="switched", choices=STATES, label=_("State"))

    def named(self, rows: QuerySet, _name: str, words: str) -> QuerySet:
        return rows.filter(Q(code__icontains=words) | Q(name__icontains=words))

    def switched(self, rows: QuerySet, _name: str, state: str) -> QuerySet:
        return rows.filter(active=state == "on")


def _address(row: Line) -> str:
    return reverse("desk_settings:line", args=[row.pk])


def _today(row: Line) -> str:
    """How many events came in today; counting stops at COUNTED."""
    today: int = row.today  # type: ignore[attr-defined]
    return formats.number(min(today, COUNTED)) + ("+" if today > COUNTED else "")


class LineList(ListPage):
    name = "lines"
    caption = _("Lines")
    filterset = LineFilters
    default_sort = "code"
    empty_words = _("No lines yet")
    empty_advice = _("A line is one connection to the outside, such as the hotline's switchboard.")
    empty_icon = "cable"
    columns = (
        Column("code", _("Code"), sort="code", fixed=True, link=_address),
        Column("name", pgettext_lazy("of a thing", "Name"), sort="name", fixed=True),
        Column("adapter", _("Adapter"), value=lambda row: row.get_adapter_display()),
        Column("unit", _("Unit"), value="unit__name", small=False),
        Column("address", _("Address"), value=lambda row: event_path(row), small=False),
        Column("state", _("State"), value=lambda row: STATES[0 if row.active else 1][1]),
        Column("last_event_at", _("Last event"), kind="moment"),
        Column("today", _("Events today"), value=_today),
    )


def event_path(line: Line) -> str:
    """Where the other side brings its events."""
    return reverse("channel_events", args=[line.code])


def event_name(row: ChannelEvent) -> str:
    """The outside's name of the event; the platforms' names begin with who spoke, which is left out."""
    speaker, colon, rest = row.event_id.partition(":")
    return f"…:{rest}" if colon and speaker and is_platform(row.line.adapter) else row.event_id


def _again(row: ChannelEvent) -> SafeString:
    words = _now("Try again")
    return format_html(TRY, row.pk, f"{words} {event_name(row)}", words)


class ParkedFilters(ListFilters):
    line = django_filters.ModelChoiceFilter(
        queryset=lambda request: lines_of(request.user),
        to_field_name="code",
        label=pgettext_lazy("channel", "Line"),
    )


class ParkedList(ListPage):
    name = "parked"
    caption = _("Parked events")
    filterset = ParkedFilters
    default_sort = "-received_at"
    tools = "interactions/settings/parked_tools.html"
    empty_words = _("Nothing is parked")
    empty_advice = _("Events whose effect failed three times wait here for a person.")
    empty_icon = "circle-check"
    columns = (
        Column("line", pgettext_lazy("channel", "Line"), value="line__name", fixed=True),
        Column("event_id", _("Event"), value=event_name, fixed=True),
        Column("kind", _("Kind")),
        Column("occurred_at", _("Occurred"), kind="moment", small=False),
        Column("received_at", _("Received"), kind="moment", sort="received_at", descends=True, small=False),
        Column("attempts", _("Attempts"), kind="number"),
        Column("fault", _("Fault"), small=False),
        Column("again", _("Try again"), value=_again, kind="html", fixed=True),
    )
