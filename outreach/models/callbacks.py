"""Calls that a rule of the regulator asks for: whom to call back, every call, and how a year was drawn."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Case
from clients.models import Client, ClientRowsQuerySet
from interactions.models import Interaction
from outreach.models.programmes import CallbackKind, CallbackProgramme
from staff.models import Person, Unit


class CallbackDraw(models.Model):
    """The sample of a year: `share` of the existing clients of every branch, rounded up.

    The clients with the lowest sha256 of "seed:client_no" are in it, so that anybody can repeat the draw.
    left_out: how many open clients were no candidates, by why. branches: by code, [candidates, drawn].
    """

    year = models.IntegerField(unique=True)
    programme = models.ForeignKey(CallbackProgramme, on_delete=models.PROTECT, related_name="+")
    share = models.DecimalField(max_digits=5, decimal_places=4)
    seed = models.CharField(max_length=64)
    population = models.IntegerField(default=0)
    drawn = models.IntegerField(default=0)
    left_out = models.JSONField(default=dict)
    branches = models.JSONField(default=dict)
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class Callback(models.Model):
    """A client to call back until due_on, because of what happened on occasion_on.

    programme: the version it was begun under, whose questions and limits hold to its end. branch: where the
    client was then, whose quota it counts to. It can be called from next_at on; tries counts calls that
    nobody answered. caller has it since taken_at; caller_no and manager_no are of the caller and of the
    client's manager when it was taken: they differ. answers: JSON of answers and note, sealed under
    `callback:<key>:answers`, a draft while it is open. passed_on: of a new account, what lifecycle's
    EFFECTIVE asks for beside the feed's date; told_by_feed when the counter system told it.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("callback", "To be called")
        PASSED = "passed", pgettext_lazy("callback", "Passed")
        EXCEPTION = "exception", _("Exception")
        REFUSED = "refused", _("Refused")
        UNREACHABLE = "unreachable", _("Unreachable")
        DROPPED = "dropped", _("No longer needed")

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="callbacks", db_index=False)
    kind = models.CharField(max_length=12, choices=CallbackKind.choices)
    programme = models.ForeignKey(
        CallbackProgramme, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    draw = models.ForeignKey(CallbackDraw, on_delete=models.PROTECT, null=True, related_name="callbacks")
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    occasion_on = models.DateField()
    due_on = models.DateField()
    next_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    tries = models.SmallIntegerField(default=0)
    caller = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    taken_at = models.DateTimeField(null=True)
    caller_no = models.CharField(max_length=20, blank=True)
    manager_no = models.CharField(max_length=20, blank=True)
    answers = models.BinaryField(null=True)
    passed_on = models.DateField(null=True)
    told_by_feed = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "kind", "occasion_on"], name="callback_once"),
            models.UniqueConstraint(
                fields=["caller"],
                condition=Q(state="open", caller__isnull=False),
                name="callback_in_hand_once",
            ),
            models.CheckConstraint(
                condition=Q(caller_no="") | ~Q(caller_no=F("manager_no")), name="callback_not_by_manager"
            ),
            models.CheckConstraint(
                condition=Q(state="passed", passed_on__isnull=False)
                | (~Q(state="passed") & Q(passed_on__isnull=True)),
                name="callback_passed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="callback_ended_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(kind="yearly", draw__isnull=False) | (~Q(kind="yearly") & Q(draw__isnull=True)),
                name="callback_drawn_is_yearly",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="callback_due"),
            models.Index(fields=["due_on", "id"], name="callback_open", condition=Q(state="open")),
            models.Index(fields=["occasion_on"], name="callback_occasion"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id} {self.occasion_on}"

    def get_absolute_url(self) -> str:
        return reverse("callbacks:call", args=[self.pk])

    @property
    def context(self) -> str:
        """What its answers are sealed under."""
        return f"callback:{self.key}:answers"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class CallbackTry(models.Model):
    """A call that was made; what was said stands in the entry of the log.

    Nobody answers at most once a day, so that attempts fall on different days.
    """

    class Outcome(models.TextChoices):
        PASSED = "passed", pgettext_lazy("callback", "Passed")
        EXCEPTION = "exception", _("Exception")
        REFUSED = "refused", _("Refused")
        NO_ANSWER = "no_answer", _("No answer")
        LATER = "later", _("Call again later")

    class Reason(models.TextChoices):
        RANG_OUT = "rang_out", _("Nobody picked up")
        BUSY = "busy", pgettext_lazy("callback", "Busy")
        OFF = "off", pgettext_lazy("callback", "Switched off")
        WRONG = "wrong", _("Wrong number")

    callback = models.ForeignKey(Callback, on_delete=models.PROTECT, related_name="calls", db_index=False)
    on_day = models.DateField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reason = models.CharField(max_length=8, choices=Reason.choices, blank=True)
    entry = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="+", db_index=False)
    caller = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["callback", "on_day"], condition=Q(outcome="no_answer"),
                name="callback_unanswered_once_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(outcome="no_answer") & ~Q(reason="")) | (~Q(outcome="no_answer") & Q(reason="")),
                name="callback_unanswered_has_reason",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["callback", "at"], name="callback_try_of"),
            models.Index(fields=["caller", "on_day"], name="callback_try_by"),
        ]
