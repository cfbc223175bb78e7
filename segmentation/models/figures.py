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
