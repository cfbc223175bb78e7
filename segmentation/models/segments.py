"""Saved segments: a rule over clients with a name, who is in it since when, and how it grew."""

from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from clients.models import Client, ClientRowsQuerySet
from segmentation.models.kinds import MONEY
from staff.models import Person, Unit


class SegmentQuerySet(models.QuerySet["Segment"]):
    def visible_to(self, user: Any) -> "SegmentQuerySet":
        """Own ones, those of the firm, and those of units that one belongs to or answers for."""
        if not user.may("segments.view"):
            return self.none()
        shared = Q(sharing=Segment.Sharing.FIRM)
        if user.reach.firm:
            shared |= Q(sharing=Segment.Sharing.UNIT)
        else:
            shared |= Q(sharing=Segment.Sharing.UNIT, unit_id__in=_units_of(user))
        own = Q(owner_id=user.pk) if user.actor_kind == "person" else Q(pk__in=[])
        return self.filter(shared | own)

    def standing(self) -> "SegmentQuerySet":
        return self.filter(archived_at__isnull=True)

    def kept(self) -> "SegmentQuerySet":
        """Those whose members are kept night by night."""
        return self.standing().filter(is_kept=True)


def _units_of(user: Any) -> set[int]:
    """Units below those the person answers for, the person's own, and those above them."""
    units = set(user.reach.unit_ids)
    if user.actor_kind == "person":
        for held in user.access.memberships:
            units.update(user.access.tree.line(held.unit_id))
    return units


class Segment(models.Model):
    """rule: JSON as segmentation.rules reads it, relative dates and all; rule_version counts its changes.

    owner: whose it is; None for those of other systems, which are always shared. unit: with whom it is
    shared, when that is a unit. is_kept: the night notes who came and who left. tells: and tells other
    systems. nights: when it was worked out, newest first: month closes and the last night. version counts
    the deeds, for edit conflicts.
    """

    class Sharing(models.TextChoices):
        PERSON = "person", pgettext_lazy("sharing", "Only me")
        UNIT = "unit", pgettext_lazy("sharing", "A unit")
        FIRM = "firm", pgettext_lazy("sharing", "The firm")

    name = models.CharField(max_length=80)
    note = models.CharField(max_length=400, blank=True)
    rule = models.JSONField()
    rule_version = models.IntegerField(default=1)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    owner_name = models.CharField(max_length=60)
    sharing = models.CharField(max_length=6, choices=Sharing.choices, default=Sharing.PERSON)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    is_kept = models.BooleanField(default=True)
    tells = models.BooleanField(default=False)
    nights = ArrayField(models.DateField(), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sharing="unit", unit__isnull=False) | ~Q(sharing="unit") & Q(unit__isnull=True),
                name="segment_unit_when_shared_with_one",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(sharing="person"), name="segment_of_nobody_is_shared"
            ),
            models.CheckConstraint(
                condition=Q(is_kept=True) | Q(tells=False), name="segment_tells_when_kept"
            ),
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(archived_at__isnull=True), name="segment_own_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def sharing_words(self) -> str:
        return self.unit.name if self.unit else str(self.get_sharing_display())


class SegmentRule(models.Model):
    """A rule that a segment had, from its version on; why somebody came or left is told by it."""

    pk = models.CompositePrimaryKey("segment_id", "number")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="rules", db_index=False)
    number = models.IntegerField()
    rule = models.JSONField()
    changed_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField(auto_now_add=True)


class SegmentCause(models.IntegerChoices):
    """Why the night found somebody in or out."""

    CONDITIONS = 0, pgettext_lazy("segment", "Conditions changed")
    FIRST = 1, pgettext_lazy("segment", "When the segment was first worked out")
    RULE = 2, pgettext_lazy("segment", "The rule was changed")
    CLIENT = 3, pgettext_lazy("segment", "New on record")
    GONE = 4, pgettext_lazy("segment", "The record was joined into another")


class SegmentMember(models.Model):
    """A client in a segment from the night of entered_on until that of left_on (null: still).

    entered_bits, left_bits: the conditions (Leaf.number) of the rule's version then that came to count or
    ceased to; 0 with another cause than CONDITIONS.
    """

    pk = models.CompositePrimaryKey("segment_id", "client_id", "entered_on")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="segments", db_index=False)
    entered_on = models.DateField()
    entered_cause = models.SmallIntegerField(choices=SegmentCause.choices)
    entered_bits = models.IntegerField(default=0)
    entered_rule = models.IntegerField()
    left_on = models.DateField(null=True)
    left_cause = models.SmallIntegerField(choices=SegmentCause.choices, null=True)
    left_bits = models.IntegerField(null=True)
    left_rule = models.IntegerField(null=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gt=F("entered_on")), name="segment_left_later"
            ),
            models.UniqueConstraint(
                fields=["segment", "client"], condition=Q(left_on__isnull=True), name="segment_member_once"
            ),
        ]
        indexes = [
            models.Index(fields=["client"], name="segment_member_client", condition=Q(left_on__isnull=True)),
            models.Index(fields=["segment", "-entered_on", "-client"], name="segment_entered"),
            models.Index(
                fields=["segment", "-left_on", "-client"],
                name="segment_left",
                condition=Q(left_on__isnull=False),
            ),
        ]


class SegmentBlock(models.Model):
    """Which conditions counted for each of 16,384 neighbouring client ids on the last night.

    bits[n] is of the client with the id block x 16384 + n; -1 where there is no such client.
    """

    SIZE = 16_384
    pk = models.CompositePrimaryKey("segment_id", "block")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+", db_index=False)
    block = models.IntegerField()
    rule_version = models.IntegerField()
    first_on = models.DateField()  # the night that first worked it out
    bits = ArrayField(models.IntegerField())


class SegmentTrend(models.Model):
    """Members of a branch and manager at a month close or on the last night, and what they are worth."""

    pk = models.CompositePrimaryKey("segment_id", "as_of", "branch_id", "manager_no")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="trend", db_index=False)
    as_of = models.DateField()
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    manager_no = models.CharField(max_length=20, blank=True)
    members = models.IntegerField()
    contribution = models.DecimalField(**MONEY)  # of 12 months
    assets = models.DecimalField(**MONEY)
