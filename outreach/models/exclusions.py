"""Clients who are never to be put into campaigns, whichever unit writes them."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from clients.models import Client, ClientRowsQuerySet


class ExclusionQuerySet(ClientRowsQuerySet):
    def in_force(self, day: date) -> "ExclusionQuerySet":
        begun = self.filter(ended_at__isnull=True, from_on__lte=day)
        return begun.filter(Q(until__isnull=True) | Q(until__gte=day))


class Exclusion(models.Model):
    """A client on the firm's exclusion list, from a day until another (None for good), both inside.

    by_name put it there; ended_at: when somebody took it off again.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    from_on = models.DateField()
    until = models.DateField(null=True)
    by_name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=60, blank=True)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(ended_at__isnull=True), name="exclusion_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("from_on")), name="exclusion_days"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exclusion_for_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.client)
