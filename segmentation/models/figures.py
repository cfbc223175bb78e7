"""Sums of segments, kept so that pages read few rows."""

from django.db import models

from segmentation.models.kinds import MONEY
from staff.models import Unit


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


BAND = 20
"""Points of an axis that a band of CellFigure is wide; the matrix cuts at 60, an edge of a band."""


class TierFigure(models.Model):
    """Sums of the held clients of a branch, manager of record ('' for none) and tier, on a date.

    Kept for the month closes and the last night, so that pages show two years of any unit or manager.
    """

    pk = models.CompositePrimaryKey("as_of", "branch_id", "manager_no", "tier")
    as_of = models.DateField()
    branch = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    manager_no = models.CharField(max_length=20, blank=True)
    tier = models.CharField(max_length=3, blank=True)
    clients = models.IntegerField()
    scored = models.IntegerField()
    score_sum = models.DecimalField(max_digits=14, decimal_places=2)
    contribution = models.DecimalField(**MONEY)
    assets = models.DecimalField(**MONEY)

    class Meta:
        indexes = [models.Index(fields=["manager_no", "as_of"], name="tier_figure_manager")]


class CellFigure(models.Model):
    """Sums of the scored clients of a branch, manager and cell of current value by potential, on a date.

    A band holds BAND points of the axis, the last one 100 too; -1: the axis is missing.
    """

    pk = models.CompositePrimaryKey("as_of", "branch_id", "manager_no", "current_band", "potential_band")
    as_of = models.DateField()
    branch = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    manager_no = models.CharField(max_length=20, blank=True)
    current_band = models.SmallIntegerField()
    potential_band = models.SmallIntegerField()
    clients = models.IntegerField()
    contribution = models.DecimalField(**MONEY)
    assets = models.DecimalField(**MONEY)

    class Meta:
        indexes = [models.Index(fields=["manager_no", "as_of"], name="cell_figure_manager")]


class CohortFigure(models.Model):
    """Of the clients opened in a quarter and effective by the end of a later one, how many are held then.

    quarter: its first day. as_of: the last day of a quarter. branch and manager_no: of record when the client
    became effective, so that both numbers are of the same clients. Cohorts of the last COHORT_YEARS years.
    """

    COHORT_YEARS = 3

    pk = models.CompositePrimaryKey("as_of", "branch_id", "manager_no", "quarter")
    as_of = models.DateField()
    branch = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    manager_no = models.CharField(max_length=20, blank=True)
    quarter = models.DateField()
    entered = models.IntegerField()
    held = models.IntegerField()
