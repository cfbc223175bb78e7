"""Floors and targets by period type and unit, with the second person's approval."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import FIRST_DAY
from kpis.rules import Limits, Period, Targets
from kpis.rules.scheme import LOWER_IS_BETTER, RATES

RATE: dict[str, Any] = {"max_digits": 12, "decimal_places": 6, "null": True}
FIRM = "firm"


def _direction(name: str) -> models.CheckConstraint:
    """Both or neither, and the target on the better side of the floor."""
    floor, target = f"{name}_floor", f"{name}_target"
    better = Q(**{f"{target}__lt" if name in LOWER_IS_BETTER else f"{target}__gt": F(floor)})
    return models.CheckConstraint(
        condition=Q(**{f"{floor}__isnull": True, f"{target}__isnull": True})
        | (Q(**{f"{floor}__isnull": False, f"{target}__isnull": False}) & better),
        name=f"target_{name}_direction",
    )


class TargetQuerySet(models.QuerySet):
    def approved(self) -> "TargetQuerySet":
        return self.filter(state=Target.State.APPROVED)


class Target(models.Model):
    """Floors (0 points) and targets (100 points) of a unit for periods of a type from a day on.

    A unit without its own is served by the firm's (unit_type firm, empty code). Of several approved ones the
    latest from_start that isn't after the period's start holds; FIRST_DAY: for all periods. Rates as
    fractions. A change for a period that has a card waits as proposed until someone else approves it.
    follows_firm: from then on the firm's serve the unit again; such a set has no limits of its own.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("In force")
        SUPERSEDED = "superseded", _("Replaced")
        REJECTED = "rejected", _("Rejected")

    class PeriodType(models.TextChoices):
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")
        YEAR = "year", _("Year")

    period_type = models.CharField(max_length=7, choices=PeriodType.choices)
    unit_type = models.CharField(max_length=7)
    unit_code = models.CharField(max_length=20, blank=True)
    from_start = models.DateField(default=FIRST_DAY)
    new_floor = models.DecimalField(**RATE)
    new_target = models.DecimalField(**RATE)
    lost_floor = models.DecimalField(**RATE)
    lost_target = models.DecimalField(**RATE)
    upgraded_floor = models.DecimalField(**RATE)
    upgraded_target = models.DecimalField(**RATE)
    follows_firm = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices)
    needs_approval = models.BooleanField(default=False)
    proposed_by = models.CharField(max_length=160)  # kind:name of the actor
    proposed_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.CharField(max_length=160, blank=True)
    approved_at = models.DateTimeField(null=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints = [
            *(_direction(name) for name in RATES),
            models.CheckConstraint(
                condition=Q(follows_firm=False)
                | (~Q(unit_type="firm") & Q(**{f"{name}_floor__isnull": True for name in RATES})),
                name="target_follows_firm_without_limits",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("proposed_by")), name="target_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved", needs_approval=True, approved_by=""),
                name="target_approval_needed",
            ),
            models.CheckConstraint(condition=Q(unit_type="firm") ^ ~Q(unit_code=""), name="target_unit_code"),
            models.UniqueConstraint(
                fields=["period_type", "unit_type", "unit_code", "from_start"],
                condition=Q(state="approved"),
                name="target_in_force_once",
            ),
            models.UniqueConstraint(
                fields=["period_type", "unit_type", "unit_code", "from_start"],
                condition=Q(state="proposed"),
                name="target_proposed_once",
            ),
        ]

    @property
    def unit(self) -> str:
        """As the API writes it: firm, branch:1001."""
        return FIRM if self.unit_type == FIRM else f"{self.unit_type}:{self.unit_code}"

    @property
    def first_period(self) -> str:
        """The name of the first period it holds for; empty: for all."""
        return "" if self.from_start == FIRST_DAY else Period(self.from_start, self.period_type).name

    def as_rules(self) -> Targets:
        """The limits as the arithmetic takes them."""
        rates = {name: (getattr(self, f"{name}_floor"), getattr(self, f"{name}_target")) for name in RATES}
        return Targets(
            {name: Limits(floor, target) for name, (floor, target) in rates.items() if floor is not None},
            {group.name: Limits(group.floor, group.target) for group in self.groups.all()},
        )


class TargetGroup(models.Model):
    """Floor and target of a group's contribution per average client, CNY over the whole period."""

    owner = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=10)
    floor = models.DecimalField(max_digits=20, decimal_places=4)
    target = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="target_group_once"),
            models.CheckConstraint(condition=Q(target__gt=F("floor")), name="target_group_direction"),
        ]
