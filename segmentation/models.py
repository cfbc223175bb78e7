"""The value model as data, lifecycle events, scores, tiers."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from clients.models import Client, ClientRowsQuerySet
from segmentation.definition import Definition
from staff.models import Unit

MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}
RATIO: dict[str, Any] = {"max_digits": 26, "decimal_places": 6}


class ThresholdQuerySet(models.QuerySet["Threshold"]):
    def in_force(self, day: date) -> "Threshold":
        """The thresholds of a month end or event date (L11)."""
        return self.filter(effective_on__lte=day).order_by("-effective_on")[0]


class Threshold(models.Model):
    """Lifecycle thresholds in force from a date (L11); CNY, shares as fractions."""

    effective_on = models.DateField(unique=True)
    effective_assets = models.DecimalField(**MONEY, default=10000)
    effective_commission = models.DecimalField(**MONEY, default=50)
    reactivated_assets = models.DecimalField(**MONEY, default=10000)
    soft_assets = models.DecimalField(**MONEY, default=1000)
    soft_peak_share = models.DecimalField(max_digits=7, decimal_places=6, default="0.1")
    soft_outflow_share = models.DecimalField(max_digits=7, decimal_places=6, default="0.5")
    transferred_residual = models.DecimalField(**MONEY, default=100)

    objects = ThresholdQuerySet.as_manager()


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def serving(self, day: date) -> "ModelVersion | None":
        """The version that scores a close or night: the newest in force that has breakpoints (S2)."""
        ready = self.filter(
            Q(serves_from__isnull=True) | Q(serves_from__lte=day), breakpoints_as_of__isnull=False
        )
        return ready.order_by("-number").first()

    def first_version(self) -> "ModelVersion":
        """Version 1: its rules hold while no version has breakpoints yet."""
        return self.order_by("number")[0]

    def later_ones(self, day: date) -> "models.QuerySet[ModelVersion]":
        """Versions in force on a day that do not serve the closes before them."""
        return self.filter(serves_from__lte=day, breakpoints_as_of__isnull=False).order_by("number")


class ModelVersion(models.Model):
    """A version of the value model; immutable once published.

    definition: axes, indicators, weights, tier cuts, hysteresis, stage and flag cut-offs (segmentation.md).
    serves_from: closes and nights from this date on use it; null: all (the first version, S2).
    breakpoints_as_of: the date its quantiles were taken; null: none yet, it scores nobody.
    """

    number = models.IntegerField(unique=True)
    definition = models.JSONField()
    state = models.CharField(max_length=10, default="published")
    serves_from = models.DateField(null=True)
    breakpoints_as_of = models.DateField(null=True)
    short_history = models.BooleanField(default=False)
    proposed_by = models.CharField(max_length=150, blank=True)
    approved_by = models.CharField(max_length=150, blank=True)
    published_at = models.DateTimeField(null=True)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_by="") | ~Q(proposed_by=F("approved_by")), name="model_four_eyes"
            )
        ]

    @cached_property
    def rules(self) -> Definition:
        """The definition as typed values."""
        return Definition(self.definition)


class Breakpoint(models.Model):
    """The p-th of 101 quantiles of an indicator among the clients of a kind, frozen with the version."""

    pk = models.CompositePrimaryKey("model_version_id", "kind", "indicator", "p")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="breakpoints")
    kind = models.CharField(max_length=12, choices=Client.Kind.choices)
    indicator = models.CharField(max_length=30)
    p = models.SmallIntegerField()
    value = models.DecimalField(**RATIO)


class Curve(models.Model):
    """An indicator's breakpoints as the straight lines the set-based scoring walks; made with the version.

    For a raw value x in whole units of its last stored place: k = the last index with xs[k] <= x, and the
    indicator's score is starts[k] + slopes[k] * (x - xs[k]) (segmentation.interpolation says why).
    """

    pk = models.CompositePrimaryKey("model_version_id", "kind", "indicator")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="curves")
    kind = models.CharField(max_length=12, choices=Client.Kind.choices)
    indicator = models.CharField(max_length=30)
    xs = ArrayField(models.FloatField())
    starts = ArrayField(models.FloatField())
    slopes = ArrayField(models.FloatField())


class LifecycleEvent(models.Model):
    """EFFECTIVE, LOST, REACTIVATED or EXCLUDED, at the branch and manager of record on its date."""

    pk = models.CompositePrimaryKey("client_id", "on_date", "event")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="events", db_index=False)
    on_date = models.DateField()
    event = models.CharField(max_length=12)
    reason = models.CharField(max_length=12, blank=True)  # OPENING, CLOSED, TRANSFERRED, SOFT, DECEASED
    month = models.DateField()  # first day of the month whose facts made it (OPENING: the first loaded one)
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    manager_no = models.CharField(max_length=20, blank=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["on_date", "event"], name="lifecycle_event_date")]


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


class TierSpan(models.Model):
    """A tier held from a date (inclusive) to a date (exclusive, null: still); spans never overlap.

    Spans begin at the close that gave the tier; a rise on a night is a last span of its own, which the next
    close confirms under its own date or takes back.
    """

    pk = models.CompositePrimaryKey("client_id", "from_date")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tier_spans", db_index=False)
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    tier = models.CharField(max_length=3)
    reason = models.CharField(max_length=20)
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["client"], name="tier_span_open", condition=Q(to_date__isnull=True)),
        ]


class RescoredTier(models.Model):
    """The tier a close would have given under a version published after it (kpis.md, stayers).

    Made for the closes that open the month, quarter and year into which the version's first day falls.
    """

    pk = models.CompositePrimaryKey("client_id", "as_of", "model_version_id")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    as_of = models.DateField()
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    tier = models.CharField(max_length=3, blank=True)

    objects = ClientRowsQuerySet.as_manager()


class TierRetention(models.Model):
    """Of the clients of a tier at the close a year before `as_of`, how many are still held on it (S11)."""

    pk = models.CompositePrimaryKey("as_of", "tier")
    as_of = models.DateField()
    tier = models.CharField(max_length=3)
    base_on = models.DateField()  # the close that was compared
    clients = models.IntegerField()
    held = models.IntegerField()


class SegmentFigure(models.Model):
    """Sums of the held clients of a branch, tier, class by assets and bin of contribution, on a date.

    The bins (see sql/segment_figure.sql) let the concentration of any set of branches be drawn from few rows.
    """

    pk = models.CompositePrimaryKey("as_of", "branch_id", "tier", "asset_class", "value_bin")
    as_of = models.DateField()
    branch = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    tier = models.CharField(max_length=3, blank=True)
    asset_class = models.CharField(max_length=10)
    value_bin = models.SmallIntegerField()
    clients = models.IntegerField()
    scored = models.IntegerField()
    score_sum = models.DecimalField(max_digits=14, decimal_places=2)
    contribution = models.DecimalField(**MONEY)
    assets = models.DecimalField(**MONEY)


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
