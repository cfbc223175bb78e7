"""A month of a client as the value model reads it."""

from django.db import models

from clients.models import Client, ClientRowsQuerySet
from segmentation.models.kinds import MONEY
from staff.models import Unit


class Contribution(models.Model):
    """ClientMonth joined with ServiceMonth (a view): contribution is income less service cost."""

    pk = models.CompositePrimaryKey("client_id", "month", "branch_id", "manager_no")
    client = models.ForeignKey(Client, on_delete=models.DO_NOTHING, related_name="contributions")
    month = models.DateField()
    branch = models.ForeignKey(Unit, on_delete=models.DO_NOTHING, related_name="+")
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
    product_families = models.SmallIntegerField()
    service_cost = models.DecimalField(**MONEY)
    contribution = models.DecimalField(**MONEY)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "segmentation_contribution"


class MonthPart(models.Model):
    """What sums over months are added up from (a view): the rows of ClientMonth and ServiceMonth as they are.

    Contribution puts both together by month, which sums over several months need not wait for. A client's
    month may come several times; the key is there for Django alone.
    """

    pk = models.CompositePrimaryKey("client_id", "month")
    client = models.ForeignKey(Client, on_delete=models.DO_NOTHING, related_name="+")
    month = models.DateField()
    trading_days = models.SmallIntegerField()
    assets_sum = models.DecimalField(**MONEY)
    turnover = models.DecimalField(**MONEY)
    trades = models.IntegerField()
    inflow = models.DecimalField(**MONEY)
    outflow = models.DecimalField(**MONEY)
    service_cost = models.DecimalField(**MONEY)
    contribution = models.DecimalField(**MONEY)
    branch = models.ForeignKey(Unit, on_delete=models.DO_NOTHING, related_name="+")
    manager_no = models.CharField(max_length=20, blank=True)
    days = models.SmallIntegerField()

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "segmentation_monthpart"
