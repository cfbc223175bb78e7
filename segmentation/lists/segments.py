"""Saved segments as a list, and who came and left as one."""

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from drf_spectacular.utils import extend_schema_field

from clients.models import Client
from clients.queries.record import name_for
from core import formats
from core.lists import Column, ListFilters, ListPage, NamedChoiceFilter
from segmentation.models import Segment, SegmentMember
from segmentation.queries import segments as queries


class SavedSegmentFilters(ListFilters):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Search"))
    sharing = django_filters.ChoiceFilter(choices=Segment.Sharing.choices, label=_("Shared with"))


class SavedSegmentList(ListPage):
    name = "segments"
    caption = _("Saved segments")
    filterset = SavedSegmentFilters
    default_sort = "name"
    empty_words = _("No segments yet")
    empty_advice = _("Put conditions together, look how many clients meet them, and keep them under a name.")
    empty_icon = "funnel"
    columns = (
        Column(
            "name", pgettext_lazy("segment", "Name"), value="name", sort="name", fixed=True,
            link=lambda row: reverse("segmentation:saved_detail", args=[row.pk]),
        ),
        Column("size", _("Clients"), value="size", kind="number"),
        Column("note", _("What it is for"), value="note", small=False),
        Column("sharing", _("Shared with"), value=lambda row: row.sharing_words, small=False),
        Column("owner", _("Owner"), value="owner_name", small=False),
        Column("newest", _("Worked out on"), value="newest", kind="day", small=False),
        Column("updated_at", _("Changed"), kind="moment", sort="updated_at", descends=True, shown=False),
    )  # fmt: skip


class MoveFilters(ListFilters):
    q = django_filters.CharFilter(
        field_name="client__client_no", lookup_expr="startswith", label=_("Client number")
    )
    state = django_filters.ChoiceFilter(
        method="standing", label=pgettext_lazy("segment", "Which"),
        choices=[("in", pgettext_lazy("segment", "In it")), ("left", pgettext_lazy("segment", "Left"))],
    )  # fmt: skip
    since = django_filters.DateFilter(field_name="entered_on", lookup_expr="gte", label=_("Came since"))

    def standing(self, rows: QuerySet, _name: str, wanted: str) -> QuerySet:
        return rows.filter(left_on__isnull=wanted == "in")


class MoveList(ListPage):
    """Needs `segment`, which tells the reasons."""

    name = "segment_moves"
    caption = _("Who came and left")
    filterset = MoveFilters
    default_sort = "-entered_on"
    tie = ("client_id",)
    empty_words = _("Nobody here")
    empty_advice = _("The night notes who comes and who leaves.")
    empty_icon = "users"

    def __init__(self, request: object, rows: QuerySet[SegmentMember], segment: Segment) -> None:
        super().__init__(request, rows)  # type: ignore[arg-type]
        reasons, user = queries.Reasons(segment), self.request.user
        self.columns = (
            Column(
                "client", _("Client"), fixed=True, value=lambda row: called(row.client, user),
                link=lambda row: reverse("clients:detail", args=[row.client.client_no]),
            ),
            Column("branch", _("Branch"), value="client__branch__name", small=False),
            Column("entered_on", _("Came on"), kind="day", sort="entered_on", descends=True),
            Column("entered_why", _("Came because"), value=reasons.entered),
            Column("left_on", _("Left on"), kind="day", sort="left_on", descends=True),
            Column("left_why", _("Left because"), value=lambda row: reasons.left(row) or formats.DASH),
        )  # fmt: skip


def called(client: Client, user: object) -> str:
    return f"{name_for(client.name, user)} {client.client_no}"


def segment_filter() -> django_filters.Filter:
    """Saved segments as a filter of the client list."""
    return NamedChoiceFilter(
        queryset=lambda request: queries.visible(request.user).select_related(None).order_by("name", "pk"),
        method=_narrowed, label=_("Saved segment"),
    )  # fmt: skip


@extend_schema_field(int)
def _narrowed(clients: QuerySet[Client], _name: str, segment: Segment) -> QuerySet[Client]:
    return queries.narrowed(clients, segment)
