"""The value model as data: versions with their breakpoints, and the thresholds of lifecycle events."""

from datetime import date
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, When

from clients.models import Client
from segmentation.definition import Definition
from segmentation.models.kinds import MONEY, RATIO


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

    def serving_or_first(self, day: date) -> "ModelVersion":
        """The version that serves, else the first one, in one question."""
        serves = Q(serves_from__isnull=True) | Q(serves_from__lte=day)
        newest = Case(When(serves, breakpoints_as_of__isnull=False, then=F("number")))
        return self.order_by(newest.desc(nulls_last=True), "number")[0]

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
