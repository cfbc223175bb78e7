"""The interaction log as a list: filters, columns, order."""

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clients.filters import visible_branches
from core.lists import Column, ListFilters, ListPage, NamedChoiceFilter
from interactions.models import Channel, Interaction
from interactions.queries.log import categories_in_use
from interactions.queries.recordings import recordings_of


class InteractionFilters(ListFilters):
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("Channel"))
    category = django_filters.ModelChoiceFilter(
        queryset=lambda _request: categories_in_use(), to_field_name="code", label=_("Category")
    )
    outcome = django_filters.ChoiceFilter(choices=Interaction.Outcome.choices, label=_("Outcome"))
    branch = NamedChoiceFilter(
        field_name="client__branch", queryset=visible_branches, to_field_name="code", label=_("Branch")
    )
    client = django_filters.CharFilter(field_name="client__client_no", label=_("Client number"))
    known = django_filters.ChoiceFilter(
        method="of_known", choices=[("yes", _("Yes")), ("no", _("No"))], label=_("Client known")
    )
    since = django_filters.DateFilter(field_name="started_on", lookup_expr="gte", label=_("From"))
    until = django_filters.DateFilter(field_name="started_on", lookup_expr="lte", label=_("To"))

    def of_known(self, entries: QuerySet, _name: str, known: str) -> QuerySet:
        return entries.filter(client__isnull=known == "no")


def _client_link(entry: Interaction) -> str:
    """The client's page; of people nobody knows yet, the list of their entries."""
    if entry.client is None:
        return f"{reverse('interactions:list')}?known=no"
    return reverse("clients:detail", args=[entry.client.client_no])


def _who(entry: Interaction) -> str:
    return entry.client.client_no if entry.client else _now("Not known yet")


def _summary(entry: Interaction) -> SafeString:
    return format_html('<span class="clip">{}</span>', entry.subject or entry.summary[:80])


def _recording(entry: Interaction) -> str:
    """Lengths of its recordings."""
    return " ".join(one.length for one in recordings_of(entry))


class InteractionList(ListPage):
    name = "interactions"
    caption = _("Contacts with clients")
    filterset = InteractionFilters
    default_sort = "-started_at"
    empty_words = _("No contacts logged yet")
    empty_advice = _("Open a client and log the first one with the line above the timeline.")
    empty_icon = "messages-square"
    columns = (
        Column("started_at", _("When"), kind="moment", sort="started_at", descends=True, fixed=True),
        Column("client", _("Client"), value=_who, link=_client_link, fixed=True),
        Column("channel", _("Channel"), value=lambda entry: entry.get_channel_display()),
        Column("direction", _("Direction"), value=lambda entry: entry.get_direction_display(), small=False),
        Column("category", _("Category"), value=lambda entry: str(entry.category), small=False),
        Column("summary", _("Summary"), value=_summary, kind="html"),
        Column("recording", _("Recording"), value=_recording, small=False),
        Column("minutes", _("Minutes"), kind="number", small=False),
        Column("outcome", _("Outcome"), value=lambda entry: entry.get_outcome_display(), small=False),
        Column("agent", _("Agent"), value="agent__name", small=False),
        Column("branch", _("Branch"), value="client__branch__name", shown=False, small=False),
    )
