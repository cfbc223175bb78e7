"""The scheme as data: weights, groups of tiers, constants of small bases; append-only by version."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kpis.rules import Scheme
from kpis.rules.rewards import RewardRule
from kpis.rules.scheme import DEFAULT_REWARDS, GroupRule


def default_rewards() -> dict[str, Any]:
    """What versions pay by that were published before rewards were told."""
    return {kind: rule.to_json() for kind, rule in DEFAULT_REWARDS.items()}


class SchemeVersion(models.Model):
    """A version of the scheme, never changed once it is there (a trigger refuses); the next one replaces it.

    weights sum to 100. cap is the highest score an indicator can have. Rates on fewer than small_base
    clients are mixed with base_added clients at the firm's rate, groups of fewer than small_group average
    clients with group_added. share_needed of the weight must be there for a total. Transfers within undo_days
    before a loss are undone (K3). The upgraded rate needs months_behind loaded months (S15).
    """

    number = models.IntegerField(unique=True)
    serves_from = models.DateField(null=True)  # periods that start on or after; null: all
    weight_new = models.DecimalField(max_digits=5, decimal_places=2, default=20)
    weight_lost = models.DecimalField(max_digits=5, decimal_places=2, default=30)
    weight_upgraded = models.DecimalField(max_digits=5, decimal_places=2, default=30)
    weight_profitability = models.DecimalField(max_digits=5, decimal_places=2, default=20)
    cap = models.DecimalField(max_digits=5, decimal_places=2, default=100)
    small_base = models.PositiveIntegerField(default=200)
    base_added = models.PositiveIntegerField(default=100)
    small_group = models.PositiveIntegerField(default=30)
    group_added = models.PositiveIntegerField(default=30)
    share_needed = models.DecimalField(max_digits=4, decimal_places=3, default="0.7")
    undo_days = models.PositiveSmallIntegerField(default=30)
    months_behind = models.PositiveSmallIntegerField(default=12)
    rewards = models.JSONField(default=default_rewards)  # by unit type, as RewardRule.to_json
    proposed_by = models.CharField(max_length=160, blank=True)  # kind:name of the actor
    approved_by = models.CharField(max_length=160, blank=True)
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    weight_new=100 - F("weight_lost") - F("weight_upgraded") - F("weight_profitability")
                ),
                name="scheme_weights_sum_to_100",
            ),
            models.CheckConstraint(
                condition=Q(weight_new__gte=0)
                & Q(weight_lost__gte=0)
                & Q(weight_upgraded__gte=0)
                & Q(weight_profitability__gte=0),
                name="scheme_weights_not_negative",
            ),
            models.CheckConstraint(condition=Q(cap__gte=100) & Q(cap__lte=120), name="scheme_cap_range"),
            models.CheckConstraint(
                condition=Q(share_needed__gt=0) & Q(share_needed__lte=1), name="scheme_share_range"
            ),
            models.CheckConstraint(
                condition=Q(proposed_by="") | ~Q(proposed_by=F("approved_by")), name="scheme_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(number=1)
                | (~Q(proposed_by="") & ~Q(approved_by="") & Q(serves_from__isnull=False)),
                name="scheme_published_by_two",
            ),
        ]

    def as_rules(self) -> Scheme:
        """The version as the arithmetic takes it."""
        return Scheme(
            number=self.number,
            weights={
                "new": self.weight_new,
                "lost": self.weight_lost,
                "upgraded": self.weight_upgraded,
                "profitability": self.weight_profitability,
            },
            groups=tuple(GroupRule(one.name, tuple(one.tiers), one.weight) for one in self.groups.all()),
            cap=self.cap,
            small_base=self.small_base,
            base_added=self.base_added,
            small_group=self.small_group,
            group_added=self.group_added,
            share_needed=self.share_needed,
            undo_days=self.undo_days,
            months_behind=self.months_behind,
            rewards={kind: RewardRule.from_json(rule) for kind, rule in self.rewards.items()},
        )


class SchemeGroup(models.Model):
    """A group of tiers scored together; the weights of a version's groups sum to 1 (a trigger checks)."""

    scheme = models.ForeignKey(SchemeVersion, on_delete=models.CASCADE, related_name="groups")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=10)
    tiers = ArrayField(models.CharField(max_length=3))
    weight = models.DecimalField(max_digits=4, decimal_places=3)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "name"], name="scheme_group_once"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="scheme_group_weight_not_negative"),
        ]
