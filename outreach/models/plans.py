"""Task plans: templates of several tasks in versions, and what was started of them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientRowsQuerySet
from outreach.models.kept_by import KeptByUnitQuerySet
from staff.models import Person, Unit


class TaskPlanQuerySet(KeptByUnitQuerySet):
    right = "tasks.view"


class TaskPlan(models.Model):
    """A plan under a name; what it says stands in its versions, of which the highest number counts.

    unit: who keeps it and may start it; None for the whole firm. version counts the deeds done on it.
    """

    name = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    objects = TaskPlanQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "unit"], name="task_plan_once", condition=Q(retired_at__isnull=True),
                nulls_distinct=False,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PlanVersion(models.Model):
    """The steps as they were written once; never changed afterwards.

    steps: [{"title", "note", "after", "days", "who", "priority"}]: so many days after the start, of the
    calendar or of the exchange; who: manager (of the client), starter, or queue (of the client's branch).
    """

    class Days(models.TextChoices):
        CALENDAR = "calendar", _("Calendar days")
        TRADING = "trading", _("Trading days")

    class Who(models.TextChoices):
        MANAGER = "manager", _("The client's manager")
        STARTER = "starter", _("Whoever starts the plan")
        QUEUE = "queue", _("The branch's queue")

    plan = models.ForeignKey(TaskPlan, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    steps = models.JSONField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    @property
    def named_steps(self) -> list[dict[str, Any]]:
        """The steps with the words of their days and of who does them, in the reader's language."""
        words = {"days": dict(self.Days.choices), "who": dict(self.Who.choices)}
        return [{**step, **{name: known[step[name]] for name, known in words.items()}} for step in self.steps]


class PlanRun(models.Model):
    """A plan started for a client from a day on; one that is not over, for each plan and client.

    run: the bulk run that started it; started alone, the client's number below 0. over_at: done, or
    cancelled (by whom).
    """

    plan = models.ForeignKey(TaskPlan, on_delete=models.PROTECT, related_name="runs", db_index=False)
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="runs", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="plan_runs", db_index=False)
    started_on = models.DateField()
    started_by = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    run = models.BigIntegerField(default=0)
    over_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=60, blank=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "client"], name="plan_run_once", condition=Q(over_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by="") | Q(over_at__isnull=False), name="plan_run_cancelled_is_over"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-id"], name="plan_run_of_client"),
            models.Index(fields=["plan", "-id"], name="plan_run_of_plan"),
            models.Index(fields=["run"], name="plan_run_of_bulk", condition=~Q(run=0)),
        ]
