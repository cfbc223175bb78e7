"""The clocks of a case: when each runs out, when it stood still, and whom that was told."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models.cases import Case
from cases.models.types import ClockKind
from interactions.models import ServiceThreshold


class CaseClock(models.Model):
    """One promise: `seconds` of business time of `hours` from started_at, its pauses left out.

    due_at and warn_at (80 %) are kept while it runs; next_at is when it has to tell somebody next, and null
    when there is nothing to tell. level: 0 nothing told, 1 warned, 2 breached and the team lead told, 3 the
    branch manager, 4 headquarters. ended_at: when what it waits for was done. round counts up when a case is
    reopened.
    """

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("clock", "Running")
        PAUSED = "paused", _("Paused")
        MET = "met", _("Met")
        BREACHED = "breached", _("Breached")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=14, choices=ClockKind.choices)
    round = models.SmallIntegerField(default=1)
    statutory = models.BooleanField(default=False)
    hours = models.CharField(max_length=7, choices=ServiceThreshold.Hours.choices)
    seconds = models.IntegerField()
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    level = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "round"], name="case_clock_once"),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="case_clock_positive"),
            models.CheckConstraint(
                condition=~Q(state="running")
                | Q(
                    due_at__isnull=False, warn_at__isnull=False, next_at__isnull=False, ended_at__isnull=True
                ),
                name="case_clock_running_has_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state="paused")
                | Q(due_at__isnull=True, warn_at__isnull=True, next_at__isnull=True, statutory=False),
                name="case_clock_paused_has_none",
            ),
            models.CheckConstraint(
                condition=~Q(state="met") | Q(ended_at__isnull=False, next_at__isnull=True),
                name="case_clock_met_has_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"], name="case_clock_next", condition=Q(next_at__isnull=False)
            ),
            models.Index(fields=["case"], name="case_clock_unfinished", condition=Q(ended_at__isnull=True)),
        ]


class ClockPause(models.Model):
    """The clock stood still from one moment to another, because the case waited on the client."""

    clock = models.ForeignKey(CaseClock, on_delete=models.PROTECT, related_name="pauses", db_index=False)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["from_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(to_at__isnull=True), name="clock_pause_one_open"
            ),
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")),
                name="clock_pause_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["clock", "from_at"], name="clock_pause_clock")]


class ClockFiring(models.Model):
    """That a clock told somebody of a level; one row a level, so that nobody is told twice."""

    clock = models.ForeignKey(CaseClock, on_delete=models.PROTECT, related_name="firings", db_index=False)
    level = models.SmallIntegerField()
    at = models.DateTimeField()
    people = models.IntegerField(default=0)  # how many were told

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["clock", "level"], name="clock_firing_once")]
