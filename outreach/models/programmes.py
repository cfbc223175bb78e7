"""Callback programmes: whom a rule has called back, until when, how often, and what is asked; in versions."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from staff.models import Person


class CallbackKind(models.TextChoices):
    NEW_ACCOUNT = "new_account", _("New account")
    YEARLY = "yearly", _("Yearly sample")
    PRODUCT_RISK = "product_risk", _("Risk level")
    COMPLAINT = "complaint", _("After a complaint")


class CallbackProgramme(models.Model):
    """One version of the programme of a kind; once in force it never changes (a trigger sees to it).

    days: within how many days after the occasion the call has to be made; the yearly sample ends with its
    year and has none. share: of the yearly sample, the part of each branch's existing clients, at least a
    tenth. risk_levels: whose new assessment asks for a call. attempts: after so many calls that nobody
    answered it is given up. call_from and call_to: clock times in Shanghai between which one calls.
    questions: [{"key", "zh", "en", "kind", "required", "choices", "exceptions"}], read by outreach.questions.
    author is who wrote on it last and never the one who approves; what came with the programme has neither.
    version counts the deeds done on it, so that a page notices when somebody else was faster.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waits for approval")
        IN_FORCE = "in_force", _("In force")
        RETIRED = "retired", _("Retired")

    kind = models.CharField(max_length=12, choices=CallbackKind.choices)
    number = models.IntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    days = models.SmallIntegerField(null=True)
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    risk_levels = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    attempts = models.SmallIntegerField(default=3)
    call_from = models.TimeField()
    call_to = models.TimeField()
    greeting_zh = models.TextField(max_length=2000)
    greeting_en = models.TextField(max_length=2000, blank=True)
    questions = models.JSONField(default=list)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    sent_back_for = models.CharField(max_length=300, blank=True)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    in_force_from = models.DateTimeField(null=True)
    in_force_to = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="callback_programme_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state="in_force"), name="callback_programme_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state__in=["draft", "proposed"]),
                name="callback_programme_one_written",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
                name="callback_programme_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed"], approved_by__isnull=True)
                | Q(state__in=["in_force", "retired"], in_force_from__isnull=False)
                & (Q(approved_by__isnull=False) | Q(number=1, author__isnull=True)),
                name="callback_programme_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(kind="yearly", days__isnull=True, share__gte="0.1", share__lte=1)
                | (~Q(kind="yearly") & Q(days__gte=1, days__lte=366, share__isnull=True)),
                name="callback_programme_term",
            ),
            models.CheckConstraint(
                condition=~Q(kind="new_account") | Q(days__lte=30), name="callback_programme_30_days"
            ),
            models.CheckConstraint(
                condition=Q(attempts__gte=1, attempts__lte=9, call_from__lt=F("call_to")),
                name="callback_programme_calls",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.number}"

    @property
    def greeting(self) -> str:
        """What to say first, in the reader's language."""
        return self.greeting_en if self.greeting_en and get_language() == "en" else self.greeting_zh

    @property
    def is_being_written(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.PROPOSED)

    @property
    def hours(self) -> str:
        """Such as 09:00–20:00."""
        return f"{self.call_from:%H:%M}–{self.call_to:%H:%M}"

    def asks(self, key: str) -> dict[str, Any] | None:
        """The question under this key."""
        return next((one for one in self.questions if one["key"] == key), None)
