"""Records that are joined because they are one client, and how each join came about."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from staff.models import Person


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, user: Any) -> "MergeQuerySet":
        """Joins both of whose records the reader may see, name and all."""
        scope = user.scope
        if not (scope.clients and scope.identity):
            return self.none()
        if scope.firm:
            return self
        seen = Q()
        for side in ("survivor", "merged"):
            seen &= Q(**{f"{side}__branch_id__in": scope.branch_ids}) | Q(
                **{f"{side}__manager_no__in": scope.manager_nos - {""}}
            )
        return self.filter(seen)


class Merge(models.Model):
    """One joining of a record (merged) with the one that speaks for both (survivor); see decision 0031.

    choices: hand-kept field -> the survivor's value afterwards. snapshot: the hand-kept fields of both
    before, sealed under `context_of` the merged record, from which the join is undone. automatic: done by the
    house itself (a prospect whose account arrived), with nobody to approve.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for approval")
        JOINED = "joined", _("Joined")
        REJECTED = "rejected", _("Rejected")
        UNDONE = "undone", _("Taken apart again")

    survivor = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    choices = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    automatic = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)
    snapshot = models.BinaryField(null=True)
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=500, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="merge_of_two"),
            models.CheckConstraint(
                condition=Q(automatic=True)
                | Q(decided_by__isnull=True)
                | (Q(proposed_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="merge_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["joined", "undone"])
                | Q(automatic=True)
                | Q(decided_by__isnull=False),
                name="merge_joined_when_decided",
            ),
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(state__in=["proposed", "joined"]),
                name="merge_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="merge_state")]

    @staticmethod
    def context_of(client_no: str) -> str:
        """What the snapshot of a join of this merged record is bound to."""
        return f"merge:{client_no}:snapshot"
