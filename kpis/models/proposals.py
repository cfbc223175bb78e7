"""Proposals to departments within a report, the clients they are about, and what became of these."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpis.models.reports import MANAGE, VIEW, Report
from staff.models import Person, Unit
from staff.roles import Role

ANSWER = "proposals.answer"
MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 4, "default": 0}
ROLES = (Role.BRANCH_MANAGER, Role.TEAM_LEAD, Role.RESEARCH_SUPERVISOR)
ROLE_CHOICES = [(role.value, role.label) for role in ROLES]


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """Those to units in one's reach; until the report is out only for those who write reports."""
        scope = user.scope_for(VIEW)
        rows = self if user.scope_for(MANAGE).firm else self.exclude(state=Proposal.State.DRAFT)
        return rows if scope.firm else rows.filter(unit_id__in=scope.unit_ids)


class Proposal(models.Model):
    """What a department should do about some clients, until when; answered by whoever has the role there.

    The clients are those on record with the unit (and units below it) at the report's close whose tier, field
    of the value matrix and flag are as named; what is left empty narrows nothing. They are kept when the
    report is submitted (ProposalCohort). Draft until the report is released. version counts its deeds.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", pgettext_lazy("proposal", "Declined")
        DONE = "done", _("Done")

    class Flag(models.TextChoices):
        NONE = "", _("All")
        AT_RISK = "at_risk", _("At risk")
        DORMANT = "dormant_asset", _("Dormant assets")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="proposals")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=4_000)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    due_on = models.DateField()
    tiers = ArrayField(models.CharField(max_length=3), default=list)
    cells = ArrayField(models.CharField(max_length=10), default=list)
    flag = models.CharField(max_length=20, choices=Flag.choices, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    version = models.IntegerField(default=1)
    clients = models.IntegerField(null=True)  # how many, once they are kept
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_note = models.CharField(max_length=500, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("proposed_by")),
                name="proposal_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open"], answered_by__isnull=True, answered_at__isnull=True)
                | Q(
                    state__in=["accepted", "declined", "done"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
                name="proposal_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="proposal_declined_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "done"]) | Q(owner__isnull=False),
                name="proposal_accepted_has_owner",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_by__isnull=False, done_at__isnull=False)
                | (~Q(state="done") & Q(done_by__isnull=True, done_at__isnull=True)),
                name="proposal_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(clients__isnull=False), name="proposal_out_has_its_clients"
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="proposal_due"),
            models.Index(fields=["unit", "state"], name="proposal_of_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_overdue(self) -> bool:
        waits = self.state in (self.State.OPEN, self.State.ACCEPTED)
        return waits and self.due_on < timezone.localdate()

    def get_absolute_url(self) -> str:
        return reverse("reports:proposal", args=[self.pk])


class ProposalCohort(models.Model):
    """Ids of the clients that a proposal is about, as they were at the report's close."""

    proposal = models.OneToOneField(
        Proposal, on_delete=models.CASCADE, primary_key=True, related_name="cohort"
    )
    clients = ArrayField(models.BigIntegerField())


class ProposalMeasure(models.Model):
    """What became of a proposal's clients by a close, and of the others of the same unit beside them.

    clients: at the report's close; held: of these still held at as_of; rose, fell: of these on a higher or
    lower tier then; contribution (12 months) and assets of those still held, CNY.
    """

    class Side(models.TextChoices):
        COHORT = "cohort", _("These clients")
        REST = "rest", _("The unit's others")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="measures", db_index=False)
    as_of = models.DateField()
    side = models.CharField(max_length=6, choices=Side.choices)
    clients = models.IntegerField()
    held = models.IntegerField()
    rose = models.IntegerField()
    fell = models.IntegerField()
    contribution = models.DecimalField(**MONEY)
    assets = models.DecimalField(**MONEY)

    class Meta:
        ordering = ["proposal", "as_of", "side"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "as_of", "side"], name="proposal_measure_once")
        ]

    @property
    def kept(self) -> float | None:
        """Share of the clients that is still held."""
        return self.held / self.clients if self.clients else None

    @property
    def lost(self) -> int:
        return self.clients - self.held
