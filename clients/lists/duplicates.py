"""Lists of pairs that may be one client, and of proposed and done joins."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from clients.models import Client, DuplicatePair, Merge
from core.lists import Column, ListFilters, ListPage


class DuplicateFilters(ListFilters):
    reason = django_filters.ChoiceFilter(
        method="shared", choices=DuplicatePair.Reason.choices, label=_("What they share")
    )
    least = django_filters.NumberFilter(
        field_name="likelihood", lookup_expr="gte", label=_("Likelihood at least")
    )

    class Meta:
        model = DuplicatePair
        fields: ClassVar[list[str]] = []

    def shared(self, pairs: QuerySet[DuplicatePair], _name: str, reason: str) -> QuerySet[DuplicatePair]:
        return pairs.filter(reasons__contains=[reason])


def _record(client: Client) -> str:
    return f"{client.name} {client.client_no}"


def compare_url(pair: DuplicatePair) -> str:
    return f"{reverse('clients:merge_new')}?left={pair.left.client_no}&right={pair.right.client_no}"


def _reasons(pair: DuplicatePair) -> SafeString:
    words = dict(DuplicatePair.Reason.choices)
    return format_html_join(" ", '<span class="badge">{}</span>', ((words[key],) for key in pair.reasons))


class DuplicateList(ListPage):
    """Pairs of records, likeliest first; the row leads to both side by side."""

    name = "duplicates"
    caption = _("Possible duplicates")
    filterset = DuplicateFilters
    default_sort = "-likelihood"
    count_cap = 1000
    tools = "clients/duplicates_tools.html"
    empty_words = _("No possible duplicates")
    empty_advice = _("They are looked for every night.")
    empty_icon = "copy"
    columns: Any = (
        Column(
            "likelihood",
            _("Likelihood"),
            kind="number",
            sort="likelihood",
            descends=True,
            fixed=True,
            link=compare_url,
        ),
        Column("left", _("First record"), value=lambda pair: _record(pair.left), fixed=True),
        Column("right", _("Second record"), value=lambda pair: _record(pair.right), fixed=True),
        Column("reasons", _("What they share"), value=_reasons, kind="html"),
        Column("left_branch", _("Branch of the first"), value="left__branch__name", small=False),
        Column("right_branch", _("Branch of the second"), value="right__branch__name", small=False),
        Column("found_at", _("Found"), kind="day", small=False),
    )


class MergeFilters(ListFilters):
    state = django_filters.ChoiceFilter(choices=Merge.State.choices, label=_("State"))

    class Meta:
        model = Merge
        fields: ClassVar[list[str]] = []


class MergeList(ListPage):
    """Joins, newest first."""

    name = "merges"
    caption = _("Joined records")
    filterset = MergeFilters
    count_cap = 1000
    tie = ("-pk",)
    empty_words = _("No records have been joined yet")
    empty_icon = "combine"

    def __init__(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().__init__(request, queryset)
        self.columns = [
            Column(
                "survivor",
                _("Survivor"),
                value=lambda merge: _record(merge.survivor),
                fixed=True,
                link=lambda merge: reverse("clients:merge", args=[merge.pk]),
            ),
            Column("merged", _("Joined record"), value=lambda merge: _record(merge.merged), fixed=True),
            Column("state", _("State"), value=lambda merge: merge.get_state_display()),
            Column("proposed_by", _("Proposed by"), value="proposed_by__username"),
            Column("proposed_at", _("Proposed"), kind="moment", small=False),
            Column("decided_by", _("Decided by"), value="decided_by__username", small=False),
            Column("reason", _("Reason"), small=False),
        ]
