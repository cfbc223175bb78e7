"""Tasks: something somebody has to do by a moment, for a client or not."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from outreach import saying
from outreach.models.plans import PlanRun
from staff.models import Person, Unit
from staff.scope import Scope

BY_HAND = "task"  # the kind of tasks that people write; others are made by rules, their words are msgids


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: Any) -> "TaskQuerySet":
        """Those of clients in sight with identity; without a client one's own, those one has given, what
        waits in the queues of one's units, and everything of units where one gives tasks to others."""
        if not user.may("tasks.view"):
            return self.none()
        return self.filter(self._of_clients(user.scope) | Q(client__isnull=True) & self._of_nobody(user))

    @staticmethod
    def _of_clients(scope: Scope) -> Q:
        if not (scope.clients and scope.identity):
            return Q(pk__in=[])
        if scope.firm:
            return Q(client__isnull=False)
        managers = scope.manager_nos - {""}
        return Q(client__branch_id__in=scope.branch_ids) | Q(client__manager_no__in=managers)

    @staticmethod
    def _of_nobody(user: Any) -> Q:
        """Of the tasks without a client."""
        queues, team = user.scope_for("tasks.view"), user.scope_for("tasks.assign")
        if team.firm or (queues.firm and user.may("audit.view")):
            return Q()
        own = Q(pk__in=[])
        if user.actor_kind == "person":
            own = Q(assignee_id=user.actor_id) | Q(created_by_id=user.actor_id)
        waits = Q(assignee__isnull=True)
        waits = waits if queues.firm else waits & Q(unit_id__in=queues.unit_ids)
        return own | waits | Q(unit_id__in=team.unit_ids)

    def open(self) -> "TaskQuerySet":
        return self.filter(state=Task.State.OPEN)


class Task(models.Model):
    """due_at: the moment it is due; of all_day tasks the last minute of their day in Shanghai.

    assignee: who does it; without one it waits in the queue of `unit`, which also says whose team it is.
    key: given once, however often it is asked for. repeat: an RFC 5545 rule (outreach.recurrence) with
    `business` saying what becomes of days on which the exchange does not trade; series and occurs_on: which
    of the repeated tasks this is. version counts the changes.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "Open")
        DONE = "done", pgettext_lazy("task", "Done")
        CANCELLED = "cancelled", pgettext_lazy("task", "Cancelled")

    class Priority(models.IntegerChoices):
        LOW = 1, pgettext_lazy("priority", "Low")
        NORMAL = 2, pgettext_lazy("priority", "Normal")
        HIGH = 3, pgettext_lazy("priority", "High")

    class Business(models.TextChoices):
        EVERY = "", _("On any day")
        SKIP = "skip", _("Only when the exchange trades")
        BEFORE = "before", _("Else on the trading day before")
        AFTER = "after", _("Else on the trading day after")

    title = models.CharField(max_length=200)
    note = models.TextField(max_length=4000, blank=True)
    kind = models.CharField(max_length=20, default=BY_HAND)
    why = models.CharField(max_length=200, blank=True)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, related_name="tasks", db_index=False
    )
    assignee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="tasks", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    all_day = models.BooleanField(default=True)
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    snoozed_until = models.DateTimeField(null=True)
    overdue_told_at = models.DateTimeField(null=True)
    repeat = models.CharField(max_length=120, blank=True)
    business = models.CharField(max_length=6, choices=Business.choices, blank=True, default=Business.EVERY)
    series = models.UUIDField(default=uuid4, editable=False)
    occurs_on = models.DateField()
    plan_run = models.ForeignKey(
        PlanRun, on_delete=models.PROTECT, null=True, related_name="tasks", db_index=False
    )
    key = models.CharField(max_length=120, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    created_by_name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=60, blank=True)
    version = models.IntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(assignee__isnull=False) | Q(unit__isnull=False), name="task_with_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state="open", done_at__isnull=True)
                | (~Q(state="open") & Q(done_at__isnull=False)),
                name="task_ended_when",
            ),
            models.UniqueConstraint(fields=["key"], name="task_given_once", condition=~Q(key="")),
            models.UniqueConstraint(fields=["series", "occurs_on"], name="task_occurs_once"),
        ]
        indexes = [
            models.Index(
                fields=["assignee", "due_at", "id"], name="task_of_person", condition=Q(state="open")
            ),
            models.Index(fields=["unit", "due_at", "id"], name="task_of_unit", condition=Q(state="open")),
            models.Index(fields=["due_at", "id"], name="task_due"),
            models.Index(
                fields=["due_at", "id"],
                name="task_turns_overdue",
                condition=Q(state="open", overdue_told_at__isnull=True),
            ),
            models.Index(fields=["client", "-due_at"], name="task_of_client"),
            models.Index(
                fields=["client", "-done_at"], name="task_done_of_client", condition=Q(done_at__isnull=False)
            ),
            models.Index(
                fields=["plan_run", "state"], name="task_of_plan_run", condition=Q(plan_run__isnull=False)
            ),
            models.Index(
                fields=["due_at", "id"], name="task_repeats", condition=Q(state="open") & ~Q(repeat="")
            ),
            models.Index(
                fields=["snoozed_until"],
                name="task_snoozed",
                condition=Q(state="open", snoozed_until__isnull=False),
            ),
            models.Index(
                fields=["kind", "client"],
                name="task_by_rule",
                condition=Q(state="open") & ~Q(kind="task"),
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The title; of tasks that rules make in the reader's language."""
        return gettext(self.title) if self.kind != BY_HAND and self.title else self.title

    @property
    def reason(self) -> str:
        """Why it was given, in the reader's language."""
        return gettext(self.why) if self.why else ""

    @property
    def repeat_words(self) -> str:
        return saying.repeat_words(self.repeat, self.business)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at < timezone.now()

    @property
    def is_snoozed(self) -> bool:
        return self.is_open and self.snoozed_until is not None and self.snoozed_until > timezone.now()


class TaskReminder(models.Model):
    """When somebody is reminded: so many minutes before the task is due; told once (told_at)."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reminders", db_index=False)
    minutes_before = models.IntegerField()
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["task", "minutes_before"], name="task_reminder_once"),
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="task_reminder_due", condition=Q(told_at__isnull=True))
        ]


class TaskStep(models.Model):
    """A line of the task's checklist."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="steps", db_index=False)
    position = models.SmallIntegerField()
    words = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["task", "position"], name="task_step_once")]


class TaskComment(models.Model):
    """Something said about the task; it stays."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=60)
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["task", "id"], name="task_comment_of_task")]


class TaskChange(models.Model):
    """One deed on a task: what it changed, from what, so that it can be taken back while nothing followed.

    version: the task's after the deed. before, after: the changed fields as plain JSON.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="changes", db_index=False)
    version = models.IntegerField()
    deed = models.CharField(max_length=20)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["task", "version"], name="task_change_once"),
            models.CheckConstraint(condition=Q(version__gt=1), name="task_change_after_first"),
        ]

    @property
    def deed_words(self) -> str:
        return saying.deed_words(self.deed)


class CalendarFeed(models.Model):
    """The secret address of a person's calendar; only the token's checksum is kept, one address a person."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+", primary_key=True)
    checksum = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(read_at__gte=F("made_at")), name="feed_read_after_made"
            )
        ]
