"""The model workbench: drafts of a version, their curves, and what trying them out gave."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from core.models import Job
from segmentation.definition import Definition
from segmentation.models.kinds import RATIO
from segmentation.models.model import ModelVersion
from staff.models import Person

RIGHT = "models.view"


class WorkbenchQuerySet(models.QuerySet):
    """The model is the firm's: who sees a part of the firm only sees no draft and no trial."""

    def visible_to(self, user: Any) -> "WorkbenchQuerySet":
        return self if user.may(RIGHT) and user.scope_for(RIGHT).firm else self.none()


class ModelDraft(models.Model):
    """A version of the value model that is being thought about; published it becomes one and never changes.

    definition: as ModelVersion.definition. base: the version it was begun from, whose breakpoints it keeps
    except for the kinds in renew_kinds, whose quantiles are taken anew from the clients scored on renew_on.
    curves_taken: whether its curves stand; trying it out takes them first.
    serves_from: closes and nights from this date on will use it. author: who wrote on it last, never the one
    who approves it. version counts the deeds on it, so that a page notices when somebody else was faster.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waits for approval")
        PUBLISHED = "published", _("Published")

    name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    definition = models.JSONField()
    base = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    renew_on = models.DateField(null=True)
    renew_kinds = ArrayField(models.CharField(max_length=12, choices=Client.Kind.choices), default=list)
    curves_taken = models.BooleanField(default=False)
    short_history = models.BooleanField(default=False)
    serves_from = models.DateField(null=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    sent_back_for = models.CharField(max_length=300, blank=True)  # what the second person wants changed
    approved_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    published_as = models.OneToOneField(
        ModelVersion, on_delete=models.PROTECT, null=True, related_name="draft"
    )
    version = models.IntegerField(default=1)

    objects = WorkbenchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
                name="model_draft_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "proposed"], approved_by__isnull=True, published_as__isnull=True
                )
                | Q(state="published", approved_by__isnull=False, published_as__isnull=False),
                name="model_draft_published_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(serves_from__isnull=False, curves_taken=True),
                name="model_draft_proposed_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(renew_kinds=[]) | Q(renew_on__isnull=False), name="model_draft_renewed_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rules(self) -> Definition:
        """The definition as typed values."""
        return Definition(self.definition)

    @property
    def breakpoints_as_of(self) -> date | None:
        """The day on which its newest quantiles stand."""
        return self.renew_on if self.renew_kinds else self.base.breakpoints_as_of

    @property
    def renewed_words(self) -> str:
        """The kinds of clients whose quantiles are taken anew, in the reader's language."""
        words = dict(Client.Kind.choices)
        return ", ".join(str(words[kind]) for kind in self.renew_kinds)

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.state == self.State.DRAFT


class DraftCurve(models.Model):
    """The 101 quantiles a draft uses for an indicator and kind, and the straight lines through them.

    xs, starts and slopes are those of Curve; of a version's breakpoints they are copies.
    """

    pk = models.CompositePrimaryKey("draft_id", "kind", "indicator")
    draft = models.ForeignKey(ModelDraft, on_delete=models.CASCADE, related_name="curves")
    kind = models.CharField(max_length=12, choices=Client.Kind.choices)
    indicator = models.CharField(max_length=30)
    quantiles = ArrayField(models.DecimalField(**RATIO))
    xs = ArrayField(models.FloatField())
    starts = ArrayField(models.FloatField())
    slopes = ArrayField(models.FloatField())


class ModelTrial(models.Model):
    """What a draft, as it stood at draft_version, would have done to all clients of a date.

    kind: what_if (tiers against the live ones) or backtest (which score told the next quarter better).
    result: null until reckoned; its shape is that of queries.trying and queries.backtesting. seconds: what
    the pass over all clients took.
    """

    class Kind(models.TextChoices):
        WHAT_IF = "what_if", _("What-if")
        BACKTEST = "backtest", _("Backtest")

    draft = models.ForeignKey(ModelDraft, on_delete=models.CASCADE, related_name="trials", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    draft_version = models.IntegerField()
    as_of = models.DateField()
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    result = models.JSONField(null=True)
    seconds = models.FloatField(null=True)
    error = models.CharField(max_length=300, blank=True)  # why it cannot be reckoned, in the asker's language

    objects = WorkbenchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["draft", "kind", "-id"], name="model_trial_of_draft")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(error=""), name="model_trial_done_or_failed"
            )
        ]

    @property
    def is_done(self) -> bool:
        return self.result is not None
