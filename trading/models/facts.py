"""Facts made from the events, and what a run must redo."""

from typing import Any

from django.db import models
from django.db.models import Q

from clients.models import Client, ClientRowsQuerySet
from staff.models import Unit

MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}


class ClientMonth(models.Model):
    """Facts of one client x month x branch and manager of record (F10); flows by the unit on their date.

    days: calendar days the client was open and on record there, up to the as-of date. trading_days: loaded
    trading days among them. Money in CNY. assets_avg is assets_sum / trading_days, null without them.
    """

    # The month first: a night works on one month of many clients. A client's months are found by skipping.
    pk = models.CompositePrimaryKey("month", "client_id", "branch_id", "manager_no")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="months", db_index=False)
    month = models.DateField()  # first day
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    manager_no = models.CharField(max_length=20, blank=True)
    days = models.SmallIntegerField()
    trading_days = models.SmallIntegerField()
    assets_sum = models.DecimalField(**MONEY)
    assets_end = models.DecimalField(**MONEY, null=True)
    assets_peak = models.DecimalField(**MONEY, null=True)
    turnover = models.DecimalField(**MONEY)
    trades = models.IntegerField()
    net_commission = models.DecimalField(**MONEY)
    margin_interest = models.DecimalField(**MONEY)
    cash_spread = models.DecimalField(**MONEY)
    product_fee = models.DecimalField(**MONEY)
    other_income = models.DecimalField(**MONEY)
    inflow = models.DecimalField(**MONEY)
    outflow = models.DecimalField(**MONEY)
    last_trade_on = models.DateField(null=True)
    product_families = models.SmallIntegerField(default=0)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["month", "branch"], name="client_month_branch")]
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=0) & Q(trading_days__gte=0), name="client_month_days_not_negative"
            )
        ]


class StaleMark(models.Model):
    """Something told on `told_on` changed the facts of a client (null: of everyone) from `month` on.

    A run as of D takes the marks with told_on <= D that stand when it begins, and deletes them at its end.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="+")
    month = models.DateField()
    told_on = models.DateField()
    taken = models.BooleanField(default=False)  # by the run that is at work

    class Meta:
        indexes = [models.Index(fields=["told_on"], name="stale_mark_told_on")]


class DirtyClient(models.Model):
    """The clients a run redoes from a month on; made from StaleMark when the run begins."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="+")
    from_month = models.DateField()


class RecordSpan(models.Model):
    """Who a client is on record with, as of the run: resolved through branch mergers (K5), one row per span.

    branch, manager_no and status hold from from_date (inclusive; FIRST_DAY for the first) to to_date
    (exclusive; LAST_DAY for the last). The other columns are the client's as of the run and the same on all
    its rows: opened_on, closed_on and callback_passed_on of the newest record (F4), deceased_on the trade
    date of the first record with status deceased (L9), id_index of the newest record. The client is open on
    d when opened_on <= d and (closed_on is null or d < closed_on) (F3). Rows exist only for clients told of
    by the as-of date. Written by trading.recompute, read by every later step.
    """

    pk = models.CompositePrimaryKey("client_id", "from_date")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="record_spans", db_index=False)
    from_date = models.DateField()
    to_date = models.DateField()
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    manager_no = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=15)
    kind = models.CharField(max_length=12)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    callback_passed_on = models.DateField(null=True)
    deceased_on = models.DateField(null=True)
    id_index = models.BinaryField(null=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gt=models.F("from_date")), name="record_span_forward")
        ]


class UnitSpan(models.Model):
    """Which branch has the clients of `unit` on record (K5), as of the run: itself, after a merger the
    successor.

    Holds from from_date (inclusive) to to_date (exclusive). Rows exist only for units told of by the as-of
    date.
    """

    pk = models.CompositePrimaryKey("unit_id", "from_date")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField()
    branch = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gt=models.F("from_date")), name="unit_span_forward")
        ]
