"""A client's trades as its page shows them: by day, one by one, and summed by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from clients.models import Client
from core.months import month_end
from trading.models import ClientMonth, Income, Trade

ZERO = Decimal(0)
BUY, SELL = "buy", "sell"


@dataclass(frozen=True)
class TradeDay:
    """What was traded on one day, CNY."""

    on: date
    trades: int
    bought: Decimal
    sold: Decimal


def trade_days(client_ids: Sequence[int], *, until: date, since: date, limit: int) -> list[TradeDay]:
    """The newest days with trades from `since` to `until`, both included.

    Walks the primary key (client, day) backwards through the monthly partitions and stops at the limit.
    """
    trades = Trade.objects.filter(client_id__in=client_ids, counts=True, traded_on__lte=until)
    if since > date.min:
        trades = trades.filter(traded_on__gte=since)
    days = trades.values("traded_on").annotate(
        trades=Count("trade_no"),
        bought=Sum("amount", filter=Q(side=BUY), default=ZERO),
        sold=Sum("amount", filter=Q(side=SELL), default=ZERO),
    )
    rows = days.order_by("-traded_on")[:limit]
    return [TradeDay(row["traded_on"], row["trades"], row["bought"], row["sold"]) for row in rows]


def trades_of(client: Client, month: date | None = None) -> QuerySet[Trade]:
    """Every trade that counts, those of merged records too; of a month (its first day) or of all times."""
    trades = Trade.objects.filter(client_id__in=client.record_ids, counts=True).select_related("account")
    return trades.filter(traded_on__range=(month, month_end(month))) if month else trades


def incomes_of(client: Client, month: date | None = None) -> QuerySet[Income]:
    """What was earned from the client beside commissions (F7), merged records' incomes included."""
    incomes = Income.objects.filter(client_id__in=client.record_ids, counts=True)
    return incomes.filter(feed_day__range=(month, month_end(month))) if month else incomes


@dataclass(frozen=True)
class TradeMonth:
    """A month's trades over all units of record, CNY."""

    month: date
    trades: int
    turnover: Decimal
    commission: Decimal


def trade_months(client: Client, limit: int, month: date | None = None) -> list[TradeMonth]:
    """The newest months with trades, or one, as of the last night."""
    facts = ClientMonth.objects.filter(client_id__in=client.record_ids, trades__gt=0)
    months = (facts.filter(month=month) if month else facts).values("month")
    sums = months.annotate(
        count=Sum("trades"), turnover_sum=Sum("turnover"), commission=Sum("net_commission")
    )
    return [
        TradeMonth(row["month"], row["count"], row["turnover_sum"], row["commission"])
        for row in sums.order_by("-month")[:limit]
    ]
