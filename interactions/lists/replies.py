"""Canned replies as a list."""

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.lists import Column, ListFilters, ListPage
from interactions.models import CannedReply, Channel


class ReplyFilters(ListFilters):
    q = django_filters.CharFilter(method="with_words", label=_("Search"))
    whose = django_filters.ChoiceFilter(
        method="of_whom", choices=[("own", _("Own")), ("unit", _("Of units"))], label=_("Whose")
    )
    channel = django_filters.ChoiceFilter(method="on_channel", choices=Channel.choices, label=_("Channel"))

    def with_words(self, rows: QuerySet, _name: str, words: str) -> QuerySet:
        found = Q(code__icontains=words) | Q(title__icontains=words) | Q(body__icontains=words)
        return rows.filter(found)

    def of_whom(self, rows: QuerySet, _name: str, whose: str) -> QuerySet:
        return rows.filter(unit__isnull=whose == "own")

    def on_channel(self, rows: QuerySet, _name: str, channel: str) -> QuerySet:
        return rows.filter(Q(channels=[]) | Q(channels__contains=[channel]))


def _address(row: CannedReply) -> str:
    return reverse("desk_settings:reply", args=[row.pk])


def _channels(row: CannedReply) -> str:
    names = dict(Channel.choices)
    return ", ".join(str(names[code]) for code in row.channels) or _now("All")


class ReplyList(ListPage):
    name = "replies"
    caption = _("Canned replies")
    filterset = ReplyFilters
    default_sort = "code"
    empty_words = _("No canned replies yet")
    empty_advice = _("Keep what you write often, and call it by “/” and its code.")
    empty_icon = "message-square-text"
    columns = (
        Column("code", _("Code"), value=lambda row: f"/{row.code}", sort="code", fixed=True, link=_address),
        Column("title", _("Title"), sort="title", fixed=True),
        Column("whose", _("Whose"), value=lambda row: row.unit.name if row.unit else _now("Own")),
        Column("channels", _("Channels"), value=_channels, small=False),
        Column("body", _("Text"), value=lambda row: Truncator(row.body).chars(60), small=False),
    )
