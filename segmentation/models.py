"""The value model as data, lifecycle events, scores, tiers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from clients.models import Client, ClientRowsQuerySet
from staff.models import Unit

MONEY = {"max_digits": 20, "decimal_places": 4}
RATIO = {"max_digits": 26, "decimal_places": 6}


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

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_by="") | ~Q(proposed_by=F("approved_by")), name="model_four_eyes"
            )
        ]


class Breakpoint(models.Model):
    """The p-th of 101 quantiles of an indicator among the clients of a kind, frozen with the version."""

    pk = models.CompositePrimaryKey("model_version_id", "kind", "indicator", "p")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="breakpoints")
    kind = models.CharField(max_length=12, choices=Client.Kind.choices)
    indicator = models.CharField(max_length=30)
    p = models.SmallIntegerField()
    value = models.DecimalField(**RATIO)


class LifecycleEvent(models.Model):
    """EFFECTIVE, LOST, REACTIVATED or EXCLUDED, at the branch and manager of record on its date."""

    pk = models.CompositePrimaryKey("client_id", "on_date", "event")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="events")
    on_date = models.DateField()
    event = models.CharField(max_length=12)
    reason = models.CharField(max_length=12, blank=True)  # OPENING, CLOSED, TRANSFERRED, SOFT, DECEASED
    month = models.DateField()  # first day of the month whose facts made it (OPENING: the first loaded one)
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    manager_no = models.CharField(max_length=20, blank=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["on_date", "event"], name="lifecycle_event_date")]


class ScoreFields(models.Model):
    """A client's score on one date, with all it was made from. Held clients only; NEW has no score."""

    as_of = models.DateField()
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+", null=True)
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # of record on as_of
    manager_no = models.CharField(max_length=20, blank=True)
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
    flag_reasons = models.JSONField(default=dict)

    class Meta:
        abstract = True


class ClientScore(ScoreFields):
    """The current row per held client, as of the last night."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="score_row")

    objects = ClientRowsQuerySet.as_manager()


class ScoreClose(ScoreFields):
    """The row kept at each month close (as_of is the month's last calendar day)."""

    pk = models.CompositePrimaryKey("client_id", "as_of")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="closes")

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["as_of", "branch", "tier"], name="score_close_branch_tier")]


class TierSpan(models.Model):
    """A tier held from a date (inclusive) to a date (exclusive, null: still); spans never overlap."""

    pk = models.CompositePrimaryKey("client_id", "from_date")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tier_spans")
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    tier = models.CharField(max_length=3)
    reason = models.CharField(max_length=20)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ClientRowsQuerySet.as_manager()
