"""What happened: balances, holdings, trades, cash flows, incomes and custody events.

The primary keys begin with client_id, and the big tables are partitioned by month. They carry no foreign-key
constraints: at tens of millions of rows a day the checks would cost more than the load itself, the loader
joins every row to its account or client anyway, and neither is ever deleted.

`feed_day` is the trade date of the package that brought a row. A run as of D reads rows with feed_day <= D
whose account it knows (Account.first_told_on <= D) (F5). The same key may come in several packages: all rows
are kept, `counts` marks the one of the earliest trade date (F11).
"""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from clients.models import Account, Client, ClientRowsQuerySet
from trading.models.reference import Product

MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}
LOOSE: dict[str, Any] = {
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}


EventManager = models.Manager.from_queryset(ClientRowsQuerySet)


class Balance(models.Model):
    """What an account held at the close of a loaded day, in CNY. Partitioned by `day`."""

    pk = models.CompositePrimaryKey("client_id", "day", "account_id")
    client = models.ForeignKey(Client, models.DO_NOTHING, **LOOSE)
    day = models.DateField()
    account = models.ForeignKey(Account, models.DO_NOTHING, **LOOSE)
    cash = models.DecimalField(**MONEY)
    market_value = models.DecimalField(**MONEY)
    product_value = models.DecimalField(**MONEY)
    margin_debit = models.DecimalField(**MONEY)

    objects = EventManager()


class Holding(models.Model):
    """A position in the complete snapshot of a day (F8). Partitioned by `day`."""

    pk = models.CompositePrimaryKey("client_id", "day", "account_id", "market", "security_code")
    client = models.ForeignKey(Client, models.DO_NOTHING, **LOOSE)
    day = models.DateField()
    account = models.ForeignKey(Account, models.DO_NOTHING, **LOOSE)
    market = models.CharField(max_length=3)
    security_code = models.CharField(max_length=30)
    quantity = models.DecimalField(**MONEY, null=True)
    market_value = models.DecimalField(**MONEY, null=True)
    product = models.ForeignKey(Product, models.DO_NOTHING, null=True, **LOOSE)

    objects = EventManager()


class Trade(models.Model):
    """A trade; counts on traded_on, the Shanghai date of traded_at (F7). Partitioned by `traded_on`."""

    pk = models.CompositePrimaryKey("client_id", "traded_on", "trade_no", "feed_day")
    client = models.ForeignKey(Client, models.DO_NOTHING, **LOOSE)
    traded_on = models.DateField()
    trade_no = models.CharField(max_length=40)
    feed_day = models.DateField()
    counts = models.BooleanField(default=True)
    account = models.ForeignKey(Account, models.DO_NOTHING, **LOOSE)
    traded_at = models.DateTimeField()
    market = models.CharField(max_length=3, null=True)
    security_code = models.CharField(max_length=30, null=True)
    side = models.CharField(max_length=4)
    quantity = models.DecimalField(**MONEY)
    price = models.DecimalField(**MONEY)
    amount = models.DecimalField(**MONEY)
    gross_commission = models.DecimalField(**MONEY)
    handling_fee = models.DecimalField(**MONEY)
    csrc_fee = models.DecimalField(**MONEY)
    transfer_fee = models.DecimalField(**MONEY)
    stamp_duty = models.DecimalField(**MONEY)

    objects = EventManager()

    @property
    def net_commission(self) -> Decimal:
        """What the firm keeps of the commission, as months have it (trading/sql/client_month.sql)."""
        return self.gross_commission - self.handling_fee - self.csrc_fee


class TradeKey(models.Model):
    """Where the counting row of a trade_no stands: a repeat is found without asking every partition."""

    trade_no = models.CharField(max_length=40, primary_key=True)
    feed_day = models.DateField()
    client_id = models.BigIntegerField()
    traded_on = models.DateField()


class CashFlow(models.Model):
    """Money in or out; counts on occurred_on, the Shanghai date of occurred_at (F7)."""

    pk = models.CompositePrimaryKey("client_id", "occurred_on", "flow_no", "feed_day")
    client = models.ForeignKey(Client, models.DO_NOTHING, **LOOSE)
    occurred_on = models.DateField()
    flow_no = models.CharField(max_length=40)
    feed_day = models.DateField()
    counts = models.BooleanField(default=True)
    account = models.ForeignKey(Account, models.DO_NOTHING, **LOOSE)
    occurred_at = models.DateTimeField()
    direction = models.CharField(max_length=3)
    amount = models.DecimalField(**MONEY)

    objects = EventManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow_no", "feed_day"], name="cash_flow_once_a_day")]
        indexes = [
            models.Index(fields=["feed_day"], name="cash_flow_feed_day"),
            models.Index(fields=["flow_no"], condition=Q(counts=False), name="cash_flow_shadow"),
            BrinIndex(fields=["occurred_on"], name="cash_flow_occurred_on", pages_per_range=32),
        ]


class Income(models.Model):
    """What the firm earned from a client; counts on the trade date of its package (F7)."""

    pk = models.CompositePrimaryKey("client_id", "feed_day", "income_no")
    client = models.ForeignKey(Client, models.DO_NOTHING, **LOOSE)
    feed_day = models.DateField()
    income_no = models.CharField(max_length=40)
    counts = models.BooleanField(default=True)
    kind = models.CharField(max_length=20)
    amount = models.DecimalField(**MONEY)

    objects = EventManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["income_no", "feed_day"], name="income_once_a_day")]
        indexes = [
            models.Index(fields=["feed_day"], name="income_feed_day"),
            models.Index(fields=["income_no"], condition=Q(counts=False), name="income_shadow"),
        ]


class CustodyEvent(models.Model):
    """Securities leaving the firm; counts on the trade date of its package (F7)."""

    pk = models.CompositePrimaryKey("client_id", "feed_day", "event_no")
    client = models.ForeignKey(Client, models.DO_NOTHING, **LOOSE)
    feed_day = models.DateField()
    event_no = models.CharField(max_length=40)
    counts = models.BooleanField(default=True)
    kind = models.CharField(max_length=25)
    value = models.DecimalField(**MONEY)
    residual_assets = models.DecimalField(**MONEY)

    objects = EventManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_no", "feed_day"], name="custody_once_a_day")]
        indexes = [
            models.Index(fields=["feed_day"], name="custody_feed_day"),
            models.Index(fields=["event_no"], condition=Q(counts=False), name="custody_shadow"),
        ]
