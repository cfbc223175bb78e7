"""Filters of scripts, the same on the list page and in the API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists import ListFilters
from knowledge.forms.scripts import category_choices, channel_choices, tier_choices
from knowledge.models import ScriptVersion


def _categories() -> list[tuple[str, str]]:
    return [choice for choice in category_choices() if choice[0]]


class ScriptFilters(ListFilters):
    """category: the named one exactly; tier and channel: what names them, and what is for all."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    category = django_filters.ChoiceFilter(choices=_categories, label=_("Category"))
    tier = django_filters.ChoiceFilter(method="for_tier", choices=tier_choices, label=_("Tier"))
    channel = django_filters.ChoiceFilter(method="on_channel", choices=channel_choices, label=_("Channel"))

    def search(self, rows: QuerySet, _name: str, typed: str) -> QuerySet:
        fields = ("script__code", "title_zh", "title_en", "body_zh", "body_en")
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": typed})
        return rows.filter(found)

    def for_tier(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(Q(tiers=[]) | Q(tiers__contains=[value]))

    def on_channel(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(Q(channels=[]) | Q(channels__contains=[value]))


class ScriptPageFilters(ScriptFilters):
    state = django_filters.ChoiceFilter(choices=ScriptVersion.State.choices, label=_("State"))
