"""Scored clients of the last night as a list: what stands behind a cell of current value by potential."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.filters import tiers
from clients.queries import record
from core.lists import Column, ListFilters, ListPage
from segmentation.models import ClientScore
from segmentation.queries import units
from segmentation.queries.figures import BANDS, band_edges
from segmentation.words import matrix_words

MISSING = "-1"
CELLS = ("core", "grow", "maintain", "watch")


def bands() -> list[tuple[str, str]]:
    """(number, "from–to") of the bands of an axis."""
    return [(str(band), "–".join(str(edge) for edge in band_edges(band))) for band in BANDS]


class ScoreFilters(ListFilters):
    q = django_filters.CharFilter(field_name="client__client_no", lookup_expr="startswith", label=_("Search"))
    tier = django_filters.ChoiceFilter(choices=tiers, label=_("Tier"))
    matrix = django_filters.ChoiceFilter(choices=lambda: list(matrix_words().items()), label=_("Matrix"))
    current = django_filters.ChoiceFilter(method="in_band", choices=bands, label=_("Current value"))
    potential = django_filters.ChoiceFilter(method="in_band", choices=bands, label=_("Potential"))
    unit = django_filters.CharFilter(method="of_unit", label=_("Unit"))

    def in_band(self, rows: QuerySet, name: str, band: str) -> QuerySet:
        """Compared as it is stored: within half of the ninth place of an edge it may fall on either side."""
        low, high = band_edges(int(band))
        found = rows.filter(score__isnull=False, **{f"{name}__gte": low - EDGE})
        return found if int(band) == BANDS[-1] else found.filter(**{f"{name}__lt": high - EDGE})

    def of_unit(self, rows: QuerySet, _name: str, text: str) -> QuerySet:
        """A unit of the tree or a manager, as everywhere: branch:1001, region:R1, manager:M1."""
        night = rows.values_list("as_of", flat=True).first()
        scope = self.request.user.scope
        try:
            return units.named(text, scope, night).narrow(rows) if night else rows.none()
        except units.UnitUnknown:
            return rows.none()


EDGE = 0.0000000005


class ScoreList(ListPage):
    name = "scores"
    caption = _("Scored clients")
    filterset = ScoreFilters
    tie = ("pk",)
    count_cap = 1000
    empty_words = _("No client here")
    empty_advice = _("Take a filter away to see more.")
    empty_icon = "layers"

    def __init__(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().__init__(request, queryset)
        user: Any = request.user
        self.columns = [
            Column(
                "client_no", _("Client number"), value="client__client_no", link=_address,
                fixed=True,
            ),
            Column("name", _("Name"), value=lambda row: record.shown_name(row.client, user)),
            Column("tier", _("Tier"), kind="tier", fixed=True),
            Column("score", _("Score"), kind="score"),
            Column("current", _("Current value"), kind="score"),
            Column("potential", _("Potential"), kind="score"),
            Column("loyalty", _("Loyalty"), kind="score", small=False),
            Column("matrix", _("Matrix"), value=lambda row: matrix_words().get(row.matrix, ""), small=False),
            Column(
                "contribution", _("Contribution, 12 months"), value="contribution_12m", kind="money_short",
                small=False,
            ),
            Column("assets", _("Assets"), value="assets_end", kind="money_short", small=False),
            Column("branch", _("Branch"), value="branch__name", small=False),
            Column("manager_no", _("Manager"), small=False),
        ]  # fmt: skip


def _address(row: ClientScore) -> str:
    return reverse("clients:detail", args=[row.client.client_no])
