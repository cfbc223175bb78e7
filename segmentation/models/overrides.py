"""Tiers given by hand: by one person, approved by another, for at most twelve months."""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientRowsQuerySet
from staff.models import Person

AHEAD = 30
"""Days before its end at which an override is said to end soon."""


class OverrideState(models.TextChoices):
    """Where an override stands on a day: what was decided, and for approved ones what the calendar says."""

    PROPOSED = "proposed", _("Waits for approval")
    COMING = "coming", _("Approved, still to begin")
    IN_FORCE = "in_force", _("In force")
    ENDING = "ending", _("In force, ends within 30 days")
    EXPIRED = "expired", _("Expired")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TierOverrideQuerySet(ClientRowsQuerySet):
    def on(self, day: date) -> "TierOverrideQuerySet":
        """Those that set their client's tier on a day."""
        return self.filter(in_force__contains=day)

    def standing(self, state: str, today: date) -> "TierOverrideQuerySet":
        """Those that stand so (OverrideState) on a day."""
        approved = self.filter(state=TierOverride.State.APPROVED)
        if state == OverrideState.COMING:
            return approved.filter(from_on__gt=today)
        if state == OverrideState.EXPIRED:
            return approved.filter(until_on__lt=today)
        if state == OverrideState.IN_FORCE:
            return approved.on(today)
        if state == OverrideState.ENDING:
            return approved.on(today).filter(until_on__lte=today + timedelta(days=AHEAD))
        return self.filter(state=state)


class TierOverride(models.Model):
    """A client's tier from a day to a day (both included) in place of the one that the rules give.

    in_force: the days on which it holds; null until a second person approved it, cut short when it is
    withdrawn, so that a night of any day comes out the same whenever it is run. version counts the deeds on
    it, so that a page notices when somebody else was faster.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="tier_overrides", db_index=False
    )
    tier = models.CharField(_("Tier"), max_length=3)
    reason = models.CharField(_("Reason"), max_length=500)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    from_on = models.DateField(_("From"))
    until_on = models.DateField(_("Until"))
    in_force = DateRangeField(null=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(  # who declined or withdrew it
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)
    closed_for = models.CharField(max_length=300, blank=True)  # why it was declined or withdrawn
    version = models.IntegerField(default=1)

    objects = TierOverrideQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            ExclusionConstraint(
                name="tier_override_one_in_force",
                expressions=[("client", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(state="proposed"), name="tier_override_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="tier_override_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(in_force__isnull=True) | Q(approved_by__isnull=False),
                name="tier_override_in_force_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", in_force__isnull=False, closed_by__isnull=True)
                | Q(state="proposed", approved_by__isnull=True, closed_by__isnull=True)
                | Q(state="declined", approved_by__isnull=True, closed_by__isnull=False)
                | Q(state="withdrawn", closed_by__isnull=False),
                name="tier_override_state_is_told",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on"))
                & Q(
                    until_on__lt=Func(
                        F("from_on"),
                        template="(%(expressions)s + interval '12 months')",
                        output_field=models.DateTimeField(),
                    )
                ),
                name="tier_override_twelve_months",
            ),
        ]
        indexes = [
            models.Index(fields=["until_on", "id"], name="tier_override_until"),
            models.Index(fields=["state", "-id"], name="tier_override_state"),
        ]

    def __str__(self) -> str:
        return f"{self.client.client_no} {self.tier} {self.from_on:%Y-%m-%d}–{self.until_on:%Y-%m-%d}"

    def standing_on(self, today: date) -> OverrideState:
        """Where it stands on a day."""
        if self.state != self.State.APPROVED:
            return OverrideState(self.state)
        if today < self.from_on:
            return OverrideState.COMING
        if today > self.until_on:
            return OverrideState.EXPIRED
        ends_soon = self.until_on <= today + timedelta(days=AHEAD)
        return OverrideState.ENDING if ends_soon else OverrideState.IN_FORCE

    @property
    def standing(self) -> OverrideState:
        """Where it stands today."""
        return self.standing_on(timezone.localdate())
