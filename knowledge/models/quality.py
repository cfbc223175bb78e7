"""Quality inspection: forms, plans of what is drawn, draws, inspections, appeals, calibrations.

What is inspected belongs to a higher app: an inspection holds its kind and number (registry, SampleSource).
"""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from staff.models import Person, Unit


class ScoringForm(models.Model):
    """One version of a scoring form; the highest number of its code is used for new inspections.

    items: [{"key", "section_zh", "section_en", "zh", "en", "weight", "fatal", "may_skip"}]. pass_points: from
    how many points of 100 a contact passes. Rows never change (a trigger sees to it).
    """

    code = models.SlugField(max_length=40)
    number = models.IntegerField()
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    pass_points = models.DecimalField(max_digits=5, decimal_places=2)
    items = models.JSONField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="scoring_form_once"),
            models.CheckConstraint(condition=Q(pass_points__range=(0, 100)), name="scoring_form_pass_points"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return spoken(self.name_zh, self.name_en)


class PlanQuerySet(models.QuerySet["SamplingPlan"]):
    def visible_to(self, user: Any) -> "PlanQuerySet":
        """Plans of units whose results the reader may see."""
        scope = user.scope_for("quality.figures")
        return self if scope.firm else self.filter(unit_id__in=scope.unit_ids)


class SamplingPlan(models.Model):
    """What is drawn each week (Monday to Sunday in Shanghai) among the contacts of a unit's people.

    Either `number` contacts or the `share` of them (rounded up) are drawn, of all together or of each agent.
    agent, channel, category (with those below it) narrow; empty: all. inspector: who gets them, else anybody.
    """

    name = models.CharField(max_length=80, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    form_code = models.SlugField(max_length=40)
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=10, blank=True)
    category = models.CharField(max_length=40, blank=True)
    number = models.IntegerField(null=True, blank=True)
    share = models.DecimalField(
        max_digits=5, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.0001")), MaxValueValidator(1)],
    )  # fmt: skip
    each_agent = models.BooleanField(default=True)
    inspector = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__range=(1, 500), share__isnull=True)
                | Q(number__isnull=True, share__gt=0, share__lte=1),
                name="plan_number_or_share",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SamplingDraw(models.Model):
    """One draw of a plan for a week, as it can be repeated: seed, and how many there were.

    digest: sha256 over the numbers of all candidates in order. drawn_at is also up to when the log counted.
    """

    plan = models.ForeignKey(SamplingPlan, on_delete=models.PROTECT, related_name="draws", db_index=False)
    week = models.DateField()  # its Monday
    seed = models.CharField(max_length=32)
    population = models.IntegerField()
    digest = models.CharField(max_length=64)
    drawn = models.IntegerField()
    rule = models.JSONField()  # of the plan, as it was
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-week"]
        constraints = [models.UniqueConstraint(fields=["plan", "week"], name="sampling_draw_once")]


class Calibration(models.Model):
    """The same contacts scored by several inspectors who do not see each other's results until all are in."""

    name = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(ScoringForm, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-pk"]

    def get_absolute_url(self) -> str:
        return reverse("quality:calibration", args=[self.pk])


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: Any) -> "InspectionQuerySet":
        """One's own results, what one inspects, and those of units whose results one may see.

        Of a calibration that is not closed everybody sees only what is one's own to score.
        """
        if not user.may("quality.view"):
            return self.none()
        scope = user.scope_for("quality.figures")
        open_to = Q() if scope.firm else Q(unit_id__in=scope.unit_ids)
        seen = open_to & (Q(calibration__isnull=True) | Q(calibration__closed_at__isnull=False))
        if user.actor_kind == "person":
            seen |= Q(inspector_id=user.pk)
            seen |= Q(agent_id=user.pk, state=Inspection.State.DONE, calibration__isnull=True)
        return self.filter(seen)

    def counted(self) -> "InspectionQuerySet":
        """Results that stand: done, of no calibration, and not superseded by a done one."""
        superseding = Q(superseded_by__isnull=False, superseded_by__state=Inspection.State.DONE)
        return self.filter(state=Inspection.State.DONE, calibration__isnull=True).exclude(superseding)


class Inspection(models.Model):
    """One contact to be scored, or scored, by one inspector with one version of a form.

    kind and subject say what is inspected. points: 0 to 100 (knowledge.scoring). Once done it never changes
    (a trigger sees to it); a re-score after an appeal is another inspection that supersedes it, and is not
    for the first inspector (`not_by`).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for scoring")
        DONE = "done", _("Scored")

    draw = models.ForeignKey(SamplingDraw, on_delete=models.PROTECT, null=True, related_name="inspections")
    calibration = models.ForeignKey(
        Calibration, on_delete=models.PROTECT, null=True, related_name="inspections"
    )
    form = models.ForeignKey(ScoringForm, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    subject = models.BigIntegerField()
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10, blank=True)
    category = models.CharField(max_length=40, blank=True)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    inspector = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    not_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    passed = models.BooleanField(null=True)
    fatal = models.BooleanField(default=False)
    comment = models.TextField(max_length=2000, blank=True)
    coaching = models.TextField(max_length=2000, blank=True)
    scored_at = models.DateTimeField(null=True)
    appeal_until = models.DateTimeField(null=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    version = models.IntegerField(default=1)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "kind", "subject"],
                condition=Q(supersedes__isnull=True, calibration__isnull=True),
                name="inspection_once_a_draw",
            ),
            models.UniqueConstraint(
                fields=["calibration", "kind", "subject", "inspector"], name="inspection_once_a_calibration"
            ),
            models.CheckConstraint(
                condition=Q(inspector__isnull=True)
                | (~Q(inspector=F("agent")) & (Q(not_by__isnull=True) | ~Q(inspector=F("not_by")))),
                name="inspection_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", points__isnull=True, scored_at__isnull=True)
                | Q(
                    state="done",
                    points__range=(0, 100),
                    passed__isnull=False,
                    scored_at__isnull=False,
                    inspector__isnull=False,
                ),
                name="inspection_done_has_a_result",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "unit", "happened_at"], name="inspection_queue"),
            models.Index(fields=["agent", "-happened_at"], name="inspection_agent"),
            models.Index(fields=["unit", "-happened_at"], name="inspection_unit"),
            models.Index(fields=["-happened_at", "-id"], name="inspection_time"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("quality:inspection", args=[self.pk])


class InspectionAnswer(models.Model):
    """How one item of the form was found."""

    class Result(models.TextChoices):
        MET = "met", pgettext_lazy("inspection", "Met")
        PARTLY = "partly", _("Partly")
        MISSED = "missed", _("Missed")
        SKIPPED = "na", _("Not applicable")

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="answers", db_index=False
    )
    item = models.CharField(max_length=10)  # its key
    result = models.CharField(max_length=6, choices=Result.choices)
    comment = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "item"], name="inspection_answer_once")]


class Appeal(models.Model):
    """The agent's objection to a result, and its answer by somebody other than agent and inspector."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("appeal", "Open")
        ACCEPTED = "accepted", pgettext_lazy("appeal", "Accepted")
        REFUSED = "refused", pgettext_lazy("appeal", "Refused")

    inspection = models.OneToOneField(Inspection, on_delete=models.PROTECT, related_name="appeal")
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    inspector = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField(max_length=2000)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True)
                | (~Q(answered_by=F("inspector")) & ~Q(answered_by=F("agent"))),
                name="appeal_answered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_by__isnull=True, answered_at__isnull=True)
                | Q(
                    state__in=["accepted", "refused"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
                name="appeal_answered_by_somebody",
            ),
        ]


def spoken(chinese: str, english: str) -> str:
    """In the reader's language; Chinese where there is no English."""
    return english if english and get_language() == "en" else chinese
