"""Who has a client by the firm's own word: hand-overs, beside what the feeds tell (docs/decisions/0032)."""

from django.db import models
from django.db.models import Q

from clients.models.client import Client, ClientRowsQuerySet
from staff.models import Unit


class Handover(models.Model):
    """A client is with another branch or manager from a date on; months before it stay with the former owner.

    It holds until the next hand-over, or the next feed row that itself tells another owner than the feed
    row before it. On one date the hand-over wins. Taken back, it stays as history with cancelled_at.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="handovers", db_index=False)
    from_date = models.DateField()
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    manager_no = models.CharField(max_length=20, blank=True)  # empty: with the branch, no manager
    old_branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    old_manager_no = models.CharField(max_length=20, blank=True)  # as it was when the hand-over was made
    reason = models.CharField(max_length=300)
    batch = models.BigIntegerField(null=True)  # the job that handed over many at once
    applied = models.BooleanField(default=False)  # the client's row names the new owner
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    cancelled_by = models.CharField(max_length=150, blank=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "from_date"],
                condition=Q(cancelled_at__isnull=True),
                name="handover_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_by="")),
                name="handover_cancelled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-from_date"], name="handover_client"),
            models.Index(fields=["batch", "client"], name="handover_batch", condition=Q(batch__isnull=False)),
            models.Index(
                fields=["from_date"],
                name="handover_due",
                condition=Q(applied=False, cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.from_date}"


class RecordMark(models.Model):
    """What people told of a client makes its facts stale from a month on; the next run takes it from here.

    told_on: the first day a run must know of it, as with the marks that feeds leave.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    told_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["told_on"], name="record_mark_told_on")]
