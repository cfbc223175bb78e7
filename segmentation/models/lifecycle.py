"""What happened to a client as a client."""

from django.db import models

from clients.models import Client, ClientRowsQuerySet
from staff.models import Unit


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
