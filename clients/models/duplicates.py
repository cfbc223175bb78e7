"""Pairs of records that may be one and the same client."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from staff.models import Person


class DuplicatePairQuerySet(models.QuerySet["DuplicatePair"]):
    def visible_to(self, user: Any) -> "DuplicatePairQuerySet":
        """Pairs both of whose records the reader may see, name and all."""
        scope = user.scope
        if not (scope.clients and scope.identity):
            return self.none()
        if scope.firm:
            return self
        seen = Q()
        for side in ("left", "right"):
            seen &= Q(**{f"{side}__branch_id__in": scope.branch_ids}) | Q(
                **{f"{side}__manager_no__in": scope.manager_nos - {""}}
            )
        return self.filter(seen)


class DuplicatePair(models.Model):
    """Two records that share an ID, a mobile, or name and birth date; left is the older record.

    likelihood: 0 to 99, the sum of what `reasons` are worth (clients/sql/duplicate_pairs.sql). A dismissed
    pair stays dismissed, whatever is found again.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DISMISSED = "dismissed", _("Not the same")

    class Reason(models.TextChoices):
        ID = "id", _("Same ID number")
        MOBILE = "mobile", _("Same mobile")
        NAME = "name", _("Same name")
        BIRTH = "birth", _("Same birth date")

    left = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    right = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    likelihood = models.SmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=10))
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    dismissed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    dismissed_at = models.DateTimeField(null=True)
    dismiss_reason = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField(auto_now_add=True)

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="duplicate_pair_in_order"),
        ]
        indexes = [models.Index(fields=["state", "-likelihood", "-id"], name="duplicate_pair_likely")]
