"""ServiceMonth is read by segmentation; the log's own tables stand beside it."""

from django.db import models

from clients.models import Client, ClientRowsQuerySet
from staff.models import Unit


class ServiceMonth(models.Model):
    """What serving a client cost in a month, by branch and manager of record on each interaction's date."""

    pk = models.CompositePrimaryKey("client_id", "month", "branch_id", "manager_no")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="service_months")
    month = models.DateField()  # first day
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    manager_no = models.CharField(max_length=20, blank=True)
    interactions = models.IntegerField(default=0)
    minutes = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    messages = models.IntegerField(default=0)
    cost = models.DecimalField(max_digits=20, decimal_places=4, default=0)

    objects = ClientRowsQuerySet.as_manager()
