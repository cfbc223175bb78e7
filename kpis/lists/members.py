"""The clients behind a number of a card, as a list."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.lists.clients import stage_word
from clients.models import Client
from clients.queries import record as queries
from core.lists import Column, ListPage


class MemberList(ListPage):
    name = "members"
    caption = _("Clients behind the number")
    default_sort = "client_no"
    tie = ("pk",)
    empty_words = _("No client in sight stands behind this number")
    empty_icon = "users"

    def __init__(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().__init__(request, queryset)
        user: Any = request.user
        self.columns = [
            Column("client_no", _("Client number"), sort="client_no", link=_address, fixed=True),
            Column("name", _("Name"), value=lambda client: queries.shown_name(client, user), fixed=True),
            Column("tier", _("Tier"), value="standing__tier", kind="tier"),
            Column("score", _("Score"), value="standing__score", kind="score"),
            Column("stage", _("Stage"), value=stage_word, small=False),
            Column("assets", _("Assets"), value="standing__assets", kind="money_short"),
            Column(
                "contribution",
                _("Contribution, 12 months"),
                value="standing__contribution_12m",
                kind="money_short",
                small=False,
            ),
            Column("manager_no", _("Manager"), small=False),
        ]


def _address(client: Client) -> str:
    return reverse("clients:detail", args=[client.client_no])
