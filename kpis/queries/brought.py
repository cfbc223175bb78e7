"""Which feed rows came between two revisions, for some clients: what may have made them differ."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Min, QuerySet

from clients.models import ClientRecord
from kpis.models import Scorecard
from trading.models import Balance, CashFlow, CustodyEvent, FeedPackage, Holding, Income, Trade

MOST = 200  # packages named on a page


@dataclass(frozen=True)
class Brought:
    """Rows of a file that a package brought for a client; on: the first day that they count on."""

    feed_day: date
    file: str
    rows: int
    on: date


class Source(NamedTuple):
    """A file's table; told: the column of its package's trade date, counts_on: of the day a row counts on."""

    file: str
    model: Any
    told: str
    counts_on: str


# assets stand on the day of their package: only one of a day up to the period's end can have changed a card
SOURCES = (
    Source("balances.csv", Balance, "day", "day"),
    Source("holdings.csv", Holding, "day", "day"),
    Source("trades.csv", Trade, "feed_day", "traded_on"),
    Source("cash_flows.csv", CashFlow, "feed_day", "occurred_on"),
    Source("incomes.csv", Income, "feed_day", "feed_day"),
    Source("custody.csv", CustodyEvent, "feed_day", "feed_day"),
)


def packages_between(before: Scorecard, after: Scorecard) -> QuerySet[FeedPackage]:
    """Packages that were loaded after the earlier revision was made, up to when the later one was."""
    loaded = FeedPackage.objects.filter(state__in=[FeedPackage.State.LOADED, FeedPackage.State.REPLACED])
    window = {"finished_at__gt": before.made_at, "finished_at__lte": after.made_at}
    return loaded.filter(**window).order_by("trade_date", "version")


def rows_brought(
    packages: Collection[FeedPackage], after: Scorecard, client_ids: Collection[int]
) -> dict[int, list[Brought]]:
    """Client -> what these packages told of it that counts up to the period's end."""
    days = {package.trade_date for package in packages if package.trade_date is not None}
    found: dict[int, list[Brought]] = defaultdict(list)
    if not days or not client_ids:
        return found
    records = ClientRecord.objects.filter(client_id__in=client_ids, told_on__in=days)
    for client_id, told_on in records.values_list("client_id", "told_on").order_by("told_on"):
        found[client_id].append(Brought(told_on, "clients.csv", 1, told_on))
    for source in SOURCES:
        _add_rows(found, source, {"client_id__in": client_ids, f"{source.told}__in": days}, after.end)
    return found


def _add_rows(found: dict[int, list[Brought]], source: Source, asked: dict[str, Any], end: date) -> None:
    rows = source.model.objects.filter(**asked, **{f"{source.counts_on}__lte": end}).order_by()
    told = rows.values("client_id", source.told).annotate(rows=Count("*"), first=Min(source.counts_on))
    for row in told.order_by("client_id", source.told):
        found[row["client_id"]].append(Brought(row[source.told], source.file, row["rows"], row["first"]))
