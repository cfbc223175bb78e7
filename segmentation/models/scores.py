"""Scores of clients: the current row, the rows of month closes, and sums kept for the nights."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from clients.models import Client, ClientRowsQuerySet
from segmentation.models.kinds import MONEY, RATIO
from segmentation.models.model import ModelVersion
from staff.models import Unit


class ScoreFields(models.Model):
    """A client's score on one date, with all it was made from. Held clients only; NEW has no score.

    mature: EFFECTIVE at least three months back, so that it is scored (S1). tier_reason, the rule that set
    the tier: new, first (plain cut-offs), up, down, stay. assets_month is assets_avg of the month to date,
    assets_month_peak the largest of the 12 months, assets_fell whether the first lies below the at-risk
    share of the second (compared before rounding). assets_end: assets on the last counted trading day.
    """

    as_of = models.DateField()
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    branch = models.ForeignKey(  # of record on as_of
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    manager_no = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=12, choices=Client.Kind.choices)
    mature = models.BooleanField(default=False)
    contribution_12m = models.DecimalField(**MONEY, null=True)
    contribution_3m_x4 = models.DecimalField(**MONEY, null=True)
    assets_avg_3m = models.DecimalField(**MONEY, null=True)
    net_inflow_ratio = models.DecimalField(**RATIO, null=True)
    declared_outside_assets = models.DecimalField(**MONEY, null=True)
    recency_days = models.IntegerField(null=True)
    active_months_12m = models.SmallIntegerField(null=True)
    turnover_12m = models.DecimalField(**MONEY, null=True)
    product_families = models.SmallIntegerField(null=True)
    tenure_years = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    complaints_12m = models.SmallIntegerField(null=True)
    last_trade_on = models.DateField(null=True)
    assets_end = models.DecimalField(**MONEY, null=True)
    assets_month = models.DecimalField(**MONEY, null=True)
    assets_month_peak = models.DecimalField(**MONEY, null=True)
    assets_fell = models.BooleanField(default=False)
    current = models.FloatField(null=True)  # axis scores 0..100, exact inside
    potential = models.FloatField(null=True)
    loyalty = models.FloatField(null=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    provisional = models.BooleanField(default=False)
    tier = models.CharField(max_length=3, blank=True)
    tier_since = models.DateField(null=True)
    tier_reason = models.CharField(max_length=20, blank=True)
    matrix = models.CharField(max_length=10, blank=True)
    stage = models.CharField(max_length=10, blank=True)
    flags = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        abstract = True


class ClientScore(ScoreFields):
    """The current row per held client, as of the last night.

    A rise since the last close has this night as tier_since, until the close decides.
    """

    client = models.OneToOneField(
        Client, on_delete=models.CASCADE, primary_key=True, related_name="score_row"
    )

    objects = ClientRowsQuerySet.as_manager()


class ScoreClose(ScoreFields):
    """The row kept at each month close (as_of is the month's last calendar day)."""

    pk = models.CompositePrimaryKey("client_id", "as_of")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="closes", db_index=False)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["as_of", "branch", "tier"], name="score_close_branch_tier"),
            # what hysteresis asks of the close before, answered by the index alone
            models.Index(
                fields=["as_of", "client"], name="score_close_day", include=["tier", "tier_since", "score"]
            ),
        ]


class Window(models.Model):
    """A client's sums over the months before `month`, kept so that its nights need not add them up again.

    As in sql/window_stage.sql: what lies whole in the 12- and 3-month windows and, apart, what leaves them.
    """

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="+")
    month = models.DateField()
    income_12m = models.DecimalField(**MONEY)
    income_leaving_12m = models.DecimalField(**MONEY)
    income_3m = models.DecimalField(**MONEY)
    income_leaving_3m = models.DecimalField(**MONEY)
    net_inflow = models.DecimalField(**MONEY)
    net_inflow_leaving = models.DecimalField(**MONEY)
    turnover = models.DecimalField(**MONEY)
    turnover_leaving = models.DecimalField(**MONEY)
    assets_sum_12m = models.DecimalField(**MONEY)
    trading_days_12m = models.SmallIntegerField()
    assets_sum_3m = models.DecimalField(**MONEY)
    trading_days_3m = models.SmallIntegerField()
    active_months = models.SmallIntegerField()
    assets_peak = models.DecimalField(max_digits=28, decimal_places=12, null=True)  # largest average
    last_trade_on = models.DateField(null=True)

    objects = ClientRowsQuerySet.as_manager()
