"""The client list: columns, filters, order."""

from functools import cache, cached_property
from typing import Any
from urllib.parse import quote

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clients.filters import FLAGS, STAGES, ClientFilters
from clients.models import Client, ClientTag
from clients.queries import record as queries
from clients.search import LISTED
from core import formats
from core.keyset import capped_count
from core.lists import Column, ListPage
from core.lists.columns import follow

FLAG_WORDS, STAGE_WORDS = dict(FLAGS), dict(STAGES)
KINDS, STATUSES = dict(Client.Kind.choices), dict(Client.Status.choices)
STANDING_SORTS = {"score", "assets", "contribution"}


def flag_words(client: Any) -> list[str]:
    """The flags of a client (or a row of the list) in the reader's language."""
    return [str(FLAG_WORDS.get(flag, flag)) for flag in follow(client, "standing__flags") or []]


def stage_word(client: Any) -> str:
    """The rung of the ladder that a client (or a row of the list) stands on."""
    return str(STAGE_WORDS.get(follow(client, "standing__stage"), formats.DASH))


class ClientList(ListPage):
    name = "clients"
    caption = _("Clients")
    filterset = ClientFilters
    default_sort = "client_no"
    tie = ("pk",)
    count_cap = 1000  # each row counted costs a look at the standing
    never_null = frozenset({"rank", "standing__assets", "standing__contribution_12m"})  # where there are such
    empty_words = _("No clients yet")
    empty_advice = _("Clients arrive with the feed packages of the trading core.")
    empty_icon = "users"
    reads = (
        "pk", "client_no", "name", "manager_no", "kind", "status", "opened_on", "branch__name",
        "standing__tier", "standing__score", "standing__stage", "standing__assets",
        "standing__contribution_12m", "standing__last_trade_on", "standing__flags",
    )  # fmt: skip

    def __init__(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().__init__(request, queryset)
        self.columns = self._columns(request.user)

    @staticmethod
    def _columns(user: Any) -> list[Column]:
        return [
            Column("client_no", _("Client number"), sort="client_no", link=_address, fixed=True),
            Column("name", _("Name"), value=lambda row: queries.name_for(row["name"], user), fixed=True),
            Column("tier", _("Tier"), value="standing__tier", kind="tier"),
            Column(
                "score",
                _("Score"),
                value="standing__score",
                kind="score",
                sort="standing__score",
                descends=True,
            ),
            Column("stage", _("Stage"), value=stage_word, small=False),
            Column(
                "assets",
                _("Assets"),
                value="standing__assets",
                kind="money_short",
                sort="standing__assets",
                descends=True,
            ),
            Column(
                "contribution",
                _("Contribution, 12 months"),
                kind="money_short",
                small=False,
                value="standing__contribution_12m",
                sort="standing__contribution_12m",
                descends=True,
            ),
            Column(
                "last_trade",
                _("Last trade"),
                value="standing__last_trade_on",
                kind="day",
                small=False,
            ),
            Column("flags", _("Flags"), value=lambda row: ", ".join(flag_words(row)), small=False),
            Column("branch", _("Branch"), value="branch__name", small=False),
            Column("manager_no", _("Manager"), small=False),
            Column("kind", _("Kind"), value=lambda row: KINDS[row["kind"]], shown=False, small=False),
            Column(
                "status",
                _("Status"),
                value=lambda row: STATUSES[row["status"]],
                shown=False,
                small=False,
            ),
            Column("opened_on", _("Opened on"), kind="day", shown=False, small=False),
            Column("tags", _("Tags"), value=lambda row: ", ".join(row["tags"]), shown=False, small=False),
        ]

    @property
    def ordering(self) -> list[str]:
        """What was searched for stands best match first, until the reader sorts by a column."""
        return ["rank"] if self.is_searched and not self.params.get("sort") else super().ordering

    @property
    def is_searched(self) -> bool:
        return "rank" in self.queryset.query.annotations

    @cached_property
    def count_text(self) -> str:
        """A search shows the best matches only, and says so."""
        if not self.is_searched:
            return super().count_text
        if not getattr(self.filters, "has_more", False):
            found, _capped = capped_count(self.queryset, LISTED)
            return _now("%(count)s rows") % {"count": formats.number(found)}
        return _now("The best %(count)s matches; type more to narrow them down") % {"count": LISTED}

    @cached_property
    def queryset(self) -> QuerySet:
        """Sorting by value goes along the standing's index, so clients without a standing are left out."""
        by_value = self.sort.removeprefix("-") in STANDING_SORTS
        clients = super().queryset
        return clients.filter(standing__isnull=False) if by_value else clients

    def read(self, rows: QuerySet) -> QuerySet:
        """Tags only where they are shown."""
        if any(column.key == "tags" for column in self.shown_columns):
            given = ClientTag.objects.filter(client=OuterRef("pk")).order_by("tag__name")
            rows = rows.annotate(tags=ArraySubquery(given.values("tag__name")))
        return rows.values(*self.reads, *rows.query.annotations)

    def called(self, row: dict[str, Any]) -> tuple[int, str]:
        return row["pk"], row["client_no"]


@cache
def _before_and_after() -> tuple[str, str]:
    """What stands around the number in the address of a client's page."""
    before, after = reverse("clients:detail", args=["NUMBER"]).split("NUMBER")
    return before, after


def _address(row: dict[str, Any]) -> str:
    before, after = _before_and_after()
    return f"{before}{quote(row['client_no'])}{after}"
