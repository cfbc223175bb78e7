"""A case: what somebody asked of us or complained of, who deals with it, and where it stands."""

from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models.incidents import Incident
from cases.models.types import CaseType, TypeVersion
from clients.models import Client
from interactions.models import Channel, Contact, Conversation, Interaction
from staff.models import Person, Unit
from staff.scope import Scope


class State(models.TextChoices):
    NEW = "new", pgettext_lazy("case", "New")
    OPEN = "open", pgettext_lazy("case", "Being worked on")
    WAITING_CLIENT = "waiting_client", _("Waiting on client")
    WAITING_THIRD = "waiting_third", _("Waiting on third party")
    RESOLVED = "resolved", pgettext_lazy("case", "Resolved")
    CLOSED = "closed", pgettext_lazy("case", "Closed")
    REOPENED = "reopened", _("Reopened")


# Where a case may go from each state by hand; joining another case ends in closed from any open state.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    State.NEW: (State.OPEN, State.WAITING_CLIENT, State.WAITING_THIRD, State.RESOLVED),
    State.OPEN: (State.WAITING_CLIENT, State.WAITING_THIRD, State.RESOLVED),
    State.WAITING_CLIENT: (State.OPEN, State.WAITING_THIRD, State.RESOLVED),
    State.WAITING_THIRD: (State.OPEN, State.WAITING_CLIENT, State.RESOLVED),
    State.RESOLVED: (State.CLOSED, State.REOPENED),
    State.CLOSED: (State.REOPENED,),
    State.REOPENED: (State.OPEN, State.WAITING_CLIENT, State.WAITING_THIRD, State.RESOLVED),
}
DONE = (State.RESOLVED, State.CLOSED)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any) -> "CaseQuerySet":
        """In the scope of cases.view, and what one owns, watches or received; complaints by their own right.

        Never what one is recused from: a person complained about sees nothing of it.
        """
        scope = user.scope_for("cases.view")
        if not (scope.clients and scope.identity):
            return self.none()
        rows: CaseQuerySet = self if user.may("complaints.view") else self.filter(is_complaint=False)
        if user.actor_kind == "person":
            rows = rows.without_recused(user)
        return rows if scope.firm else rows.filter(self._inside(scope) | self._own(user))

    def in_scope(self, scope: Scope) -> "CaseQuerySet":
        """Where a right is held; for bulk deeds, on rows that visible_to has narrowed already."""
        if not scope.clients:
            return self.none()
        return self if scope.firm else self.filter(self._inside(scope))

    def without_recused(self, person: Any) -> "CaseQuerySet":
        told = Recusal.objects.filter(case=OuterRef("pk"), person_id=person.pk)
        return self.filter(~Exists(told))

    @staticmethod
    def _inside(scope: Scope) -> Q:
        return (
            Q(client__branch_id__in=scope.branch_ids)
            | Q(client__manager_no__in=scope.manager_nos - {""})
            | Q(client__isnull=True, unit_id__in=scope.unit_ids)
        )

    @staticmethod
    def _own(user: Any) -> Q:
        if user.actor_kind != "person":
            return Q(pk__in=[])
        watched = Watcher.objects.filter(case=OuterRef("pk"), person_id=user.pk)
        return Q(owner_id=user.pk) | Q(received_by_id=user.pk) | Q(Exists(watched))

    def unfinished(self) -> "CaseQuerySet":
        return self.exclude(state__in=DONE)


class Case(models.Model):
    """One request or complaint, from its first word to its end.

    What the client says (`text`), the form's answers (`answers`, JSON) and the result (`result`) are sealed
    under `case:<key>:<column>`. client is null while nobody knows who it is; then contact and unit say where
    it came from. next_due_at: the nearest deadline of its running clocks. escalated: how far up the line the
    worst of its clocks went. open_key: whoever opens twice under one key gets the same case.
    """

    class Priority(models.IntegerChoices):
        NORMAL = 0, pgettext_lazy("priority", "Normal")
        HIGH = 1, pgettext_lazy("priority", "High")
        URGENT = 2, pgettext_lazy("priority", "Urgent")

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    open_key = models.CharField(max_length=200, null=True, unique=True)
    type = models.ForeignKey(CaseType, on_delete=models.PROTECT, related_name="cases")
    type_version = models.ForeignKey(TypeVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_complaint = models.BooleanField(default=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="cases")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    tier = models.CharField(max_length=3, blank=True)  # of the client when it was opened
    subject = models.CharField(max_length=200)
    text = models.BinaryField(null=True)
    answers = models.BinaryField(null=True)
    result = models.BinaryField(null=True)
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    state = models.CharField(max_length=14, choices=State.choices, default=State.NEW)
    state_since = models.DateTimeField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    escalated = models.SmallIntegerField(default=0)
    ticked = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # keys of steps done
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="cases")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged", db_index=False
    )
    version = models.IntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state__in=DONE) & Q(resolved_at__isnull=False))
                | (~Q(state__in=DONE) & Q(resolved_at__isnull=True)),
                name="case_resolved_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="case_closed_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (Q(state="closed") & ~Q(merged_into=F("id"))),
                name="case_merged_is_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_due_at", "id"], name="case_state_due"),
            models.Index(fields=["owner", "state"], name="case_owner"),
            models.Index(fields=["unit", "state"], name="case_unit"),
            models.Index(fields=["-opened_at", "-id"], name="case_opened"),
            models.Index(fields=["next_due_at", "id"], name="case_due"),
            models.Index(fields=["opened_at"], name="case_complaint", condition=Q(is_complaint=True)),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.pk])

    @property
    def number(self) -> str:
        return f"CS{self.pk:06d}"

    def context(self, column: str) -> str:
        """What a sealed column is bound to."""
        return f"case:{self.key}:{column}"

    @property
    def is_done(self) -> bool:
        return self.state in DONE


class CaseNote(models.Model):
    """Something written in a case: for ourselves, said to the client, or of a contact. Only added; sealed."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Internal note")
        REPLY = "reply", _("Told the client")
        CONTACT = "contact", _("Spoke with the client")
        ACKNOWLEDGED = "acknowledged", _("Receipt acknowledged")

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.NOTE)
    body = models.BinaryField(null=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=150)
    written_at = models.DateTimeField()
    delivery = models.ForeignKey(
        "interactions.Delivery", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-written_at", "-id"]

    @property
    def context(self) -> str:
        return f"casenote:{self.key}:body"


class CaseEvent(models.Model):
    """What happened to a case, in order; never what was said. detail: plain values by name."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    who = models.CharField(max_length=150)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]


class CaseLink(models.Model):
    """A conversation, or an entry of the log, that belongs to the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, null=True, related_name="case_links"
    )
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, related_name="case_links"
    )
    linked_by = models.CharField(max_length=150)
    linked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "conversation"], name="case_link_conversation_once"),
            models.UniqueConstraint(fields=["case", "interaction"], name="case_link_interaction_once"),
            models.CheckConstraint(
                condition=Q(conversation__isnull=False) ^ Q(interaction__isnull=False),
                name="case_link_of_one",
            ),
        ]


class Watcher(models.Model):
    """Somebody who wants to see how a case goes on."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="watchers", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="case_watcher_once")]


class Recusal(models.Model):
    """Somebody whom the case is about, or who is too near to it: sees and touches nothing of it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="recusals", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    complained_about = models.BooleanField(default=True)
    told_by = models.CharField(max_length=150)
    told_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="case_recusal_once")]
