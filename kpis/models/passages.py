"""Who is behind a count: the clients of a period grouped by the way they went through it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from clients.models import Client, ClientRowsQuerySet
from staff.models import Unit

CODE: dict[str, Any] = {"max_length": 20, "blank": True}


class PassageFields(models.Model):
    """One way through a period (kpis.rules.passages); codes are empty where a client belongs to no such unit.

    opening and closing units are those that count (K3 and exclusions undone); record_*: the units of record
    at the close before the period. Branches are those after mergers (K5), regions by the parents of the
    run's date. tier_from: at the close before, under the model version of tier_to.
    """

    period = models.CharField(max_length=7)
    kind = models.CharField(max_length=8)
    movement = models.CharField(max_length=8, blank=True)
    tier_from = models.CharField(max_length=3, blank=True)
    tier_to = models.CharField(max_length=3, blank=True)
    opening_branch = models.CharField(**CODE)
    opening_region = models.CharField(**CODE)
    opening_manager = models.CharField(**CODE)
    closing_branch = models.CharField(**CODE)
    closing_region = models.CharField(**CODE)
    closing_manager = models.CharField(**CODE)
    record_branch = models.CharField(**CODE)
    record_region = models.CharField(**CODE)
    record_manager = models.CharField(**CODE)
    from_build = models.IntegerField()
    to_build = models.IntegerField(null=True)  # exclusive

    class Meta:
        abstract = True


class PassageGroup(PassageFields):
    """The clients that went the same way: a few thousand rows a period however many clients there are.

    Valid for the builds from from_build to before to_build, so that an old revision keeps its drill-down.
    digest: a sum of hashes of the clients, which tells whether they are the same.
    """

    clients = ArrayField(models.BigIntegerField())
    size = models.IntegerField()
    digest = models.DecimalField(max_digits=40, decimal_places=0)

    class Meta:
        indexes = [
            models.Index(fields=["period", "opening_branch"], name="passage_opening"),
            models.Index(fields=["period", "closing_branch"], name="passage_closing"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_build__isnull=True) | Q(to_build__gt=F("from_build")),
                name="passage_builds_forward",
            )
        ]


class Passage(PassageFields):
    """A view: one row per client and passage group; visible as the client is."""

    pk = models.CompositePrimaryKey("group_id", "client_id")
    group = models.ForeignKey(PassageGroup, on_delete=models.DO_NOTHING, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.DO_NOTHING, related_name="+")

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "kpis_passage"


class TierMonth(models.Model):
    """Profit and client-days of the clients of a tier at the close before the month (K7).

    By branch and manager of record on each date (mergers are applied where it is read); money in CNY.
    """

    pk = models.CompositePrimaryKey("month", "branch_id", "manager_no", "tier")
    month = models.DateField()  # first day
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    manager_no = models.CharField(max_length=20, blank=True)
    tier = models.CharField(max_length=3)
    profit = models.DecimalField(max_digits=20, decimal_places=4)
    days = models.BigIntegerField()
