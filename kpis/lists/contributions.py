"""The clients behind a group's or tier's contribution, as a list; `card` and `group` or `tier` say which."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ScopedQuerySet
from clients.queries import record
from core.lists import Column, ListPage
from kpis.models import UnitType
from kpis.queries import contributions
from kpis.queries.contributions import Part, brought_by


def contributing(user: Any) -> ScopedQuerySet:
    """All clients in sight: figures of a record that was merged stay its own."""
    return Client.objects.visible_to(user).select_related("standing", "branch")


class ContributionList(ListPage):
    name = "contributions"
    caption = _("Clients behind the contribution")
    default_sort = "client_no"
    tie = ("pk",)
    count_cap = 1000
    is_filtered = False  # the line of the card is no filter that could be taken away
    empty_words = _("No client in sight stands behind this number")
    empty_icon = "users"

    def __init__(self, request: HttpRequest, queryset: ScopedQuerySet) -> None:
        user: Any = request.user
        self.part = contributions.asked_part(user, request.GET)
        self.gone = self.part is not None and not contributions.stands(self.part)
        shown = queryset.none() if self.part is None or self.gone else brought_by(self.part, queryset)
        super().__init__(request, shown)
        self.columns = _columns(self.part, user)


def _columns(part: Part | None, user: Any) -> list[Column]:
    """By amounts it sorts where the unit's clients are few enough to be asked for all of theirs at once."""
    few, address = part is not None and part.card.unit_type != UnitType.FIRM, _address_of(part)

    def amount(key: str, words: Any, kind: str, value: str) -> Column:
        return Column(key, words, value=value, kind=kind, sort=value if few else "", descends=True)

    return [
        Column("client_no", _("Client number"), sort="client_no", link=address, fixed=True),
        Column("name", _("Name"), value=lambda row: record.shown_name(row, user), fixed=True),
        Column("tier", _("Tier now"), value="standing__tier", kind="tier", small=False),
        Column("months", _("Client-months"), value="brought_months", kind="number", small=False),
        Column("days", _("Client-days"), value="brought_days", kind="number", small=False),
        amount("average", _("Average clients"), "score", "average"),
        amount("contribution", _("Contribution"), "money", "brought"),
        Column("branch", _("Branch"), value="branch__name", shown=False, small=False),
        Column("manager_no", _("Manager"), small=False),
    ]  # fmt: skip


def _address_of(part: Part | None) -> Callable[[Client], str]:
    """Where a client's row leads: to its months behind the line."""
    if part is None:
        return lambda client: reverse("clients:detail", args=[client.client_no])
    card, query = part.card.pk, f"{part.kind}={part.name}"
    return lambda client: f"{reverse('kpis:client_contribution', args=[card, client.client_no])}?{query}"
