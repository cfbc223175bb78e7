"""Which feed rows came between two revisions, for some clients: what may have made them differ."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, QuerySet

from clients.models import ClientRecord
from kpis.models import Scorecard
from trading.models import CashFlow, CustodyEvent, FeedPackage, Income, Trade

MOST = 200  # packages named on a page


@dataclass(frozen=True)
class Brought:
    """Rows of a file that a package brought for a client; on: the first day that they count on."""

    feed_day: date
    file: str
    rows: int
    on: date


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
    sources: list[tuple[str, Any, str]] = [
        ("trades.csv", Trade, "traded_on"), ("cash_flows.csv", CashFlow, "occurred_on"),
        ("incomes.csv", Income, "feed_day"), ("custody.csv", CustodyEvent, "feed_day"),
    ]  # fmt: skip
    for file, model, day in sources:
        rows = model.objects.filter(client_id__in=client_ids, feed_day__in=days, **{f"{day}__lte": after.end})
        told = rows.order_by().values("client_id", "feed_day").annotate(rows=Count("*"), first=Min(day))
        for row in told:
            found[row["client_id"]].append(Brought(row["feed_day"], file, row["rows"], row["first"]))
    return found
