"""Tiers over time, under versions that came later, and how many of each stay."""

from django.db import models
from django.db.models import Q

from clients.models import Client, ClientRowsQuerySet
from segmentation.models.model import ModelVersion


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
