"""Drafts of the next scheme version, from the first change to the second person's word."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpis.models.scheme import SchemeVersion
from kpis.rules import Period, Scheme
from kpis.rules.periods import MONTH
from kpis.rules.told_scheme import scheme_from_json
from staff.models import Person

WRITE, APPROVE = "kpis.schemes", "kpis.schemes_approve"


class SchemeDraftQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "SchemeDraftQuerySet":
        """All of them for whoever writes or approves schemes of the whole firm, else none."""
        sees = any(user.may(right) and user.scope_for(right).firm for right in (WRITE, APPROVE))
        return self if sees else self.none()


class SchemeDraft(models.Model):
    """What the next version should say (content, as kpis.rules.told_scheme), from when on, and why.

    serves_from: periods that start then or later. Whoever wrote it last or proposed it does not publish it.
    A declined one is a draft again, with the answer. version counts changes, for those who edit at once.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waits for approval")
        PUBLISHED = "published", _("Published")
        DISCARDED = "discarded", _("Discarded")

    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    based_on = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    serves_from = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    edited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    published = models.OneToOneField(SchemeVersion, on_delete=models.PROTECT, null=True, related_name="draft")

    objects = SchemeDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published")
                | (
                    Q(published__isnull=False, decided_by__isnull=False, proposed_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                    & ~Q(decided_by=F("edited_by"))
                ),
                name="scheme_draft_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed")
                | (Q(proposed_by__isnull=False, serves_from__isnull=False) & ~Q(reason="")),
                name="scheme_draft_proposed_is_complete",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="proposed"), name="scheme_draft_proposed_once"
            ),
        ]

    def as_rules(self) -> Scheme:
        """As the arithmetic takes it, with the number it would get."""
        return scheme_from_json(self.content, self.based_on.number + 1)

    @property
    def first_month(self) -> str:
        """The month it would serve from, as forms write it; empty while nobody said."""
        return Period(self.serves_from, MONTH).name if self.serves_from else ""
