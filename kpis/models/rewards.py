"""Rewards: a pool shared by frozen cards, approved by two persons, booked in a ledger that only grows."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpis.models.cards import Scorecard, UnitType
from kpis.models.scheme import SchemeVersion
from staff.models import Person, Unit
from staff.scope import Scope

VIEW, MANAGE, APPROVE = "kpis.view", "rewards.manage", "rewards.approve"


class RewardRunQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "RewardRunQuerySet":
        """Pools are the firm's: for whoever manages or approves rewards of all of it."""
        sees = any(user.may(right) and user.scope_for(right).firm for right in (MANAGE, APPROVE))
        return self if sees else self.none()


class RewardRun(models.Model):
    """A pool for the units of a type in a period, as one person proposed it and another decided.

    lines: what the proposal books, by unit (kpis.queries.rewards.Line as JSON), so that just what was seen is
    approved. The first of a period shares the pool; later ones book what changed since, by reversal and new
    entry, after cards were adopted anew or the pool changed.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    period = models.CharField(max_length=7)
    unit_type = models.CharField(max_length=7, choices=UnitType.choices)
    pool = models.DecimalField(max_digits=16, decimal_places=2)
    reason = models.CharField(max_length=500)
    scheme = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    lines = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    objects = RewardRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(pool__gt=0), name="reward_run_pool_positive"),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="reward_run_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["period", "unit_type"], condition=Q(state="proposed"), name="reward_run_proposed_once"
            ),
        ]


class RewardEntryQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "RewardEntryQuerySet":
        """Entries of the units whose figures one may see; a manager's also by its home branch."""
        scope: Scope = user.scope_for(VIEW)
        if scope.firm:
            return self
        own = Q(unit_type=UnitType.MANAGER, unit_code__in=scope.manager_nos - {""})
        return self.filter(Q(unit_id__in=scope.unit_ids | scope.branch_ids) | own)


class RewardEntry(models.Model):
    """A booking, never changed (a trigger refuses). amount in CNY; a reversal takes one booking back.

    All entries of a period and unit type sum to the pool approved last (a trigger holds it at the end of
    each transaction).
    """

    run = models.ForeignKey(RewardRun, on_delete=models.PROTECT, related_name="entries")
    card = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    unit_type = models.CharField(max_length=7, choices=UnitType.choices)
    unit_code = models.CharField(max_length=20, blank=True)
    unit_name = models.CharField(max_length=100)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    coefficient = models.DecimalField(max_digits=12, decimal_places=6)
    base = models.DecimalField(max_digits=16, decimal_places=4)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    booked_at = models.DateTimeField(auto_now_add=True)

    objects = RewardEntryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["period", "unit_type"], name="reward_entry_period"),
            models.Index(fields=["unit_type", "unit_code", "-id"], name="reward_entry_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gte=0) | Q(reverses__isnull=False, amount__lte=0),
                name="reward_entry_reversal_is_negative",
            ),
        ]
