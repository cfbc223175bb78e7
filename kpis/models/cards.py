"""Scorecards: one row per unit, period and revision, with all it was worked out from."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpis.models.scheme import SchemeVersion
from kpis.rules import Period
from kpis.rules.periods import PERIOD_TYPES
from kpis.rules.scheme import INDICATORS
from staff.models import Unit
from staff.scope import Scope

# unrounded for every purpose: rates, scores, average clients (rounded where they are shown or sent)
EXACT: dict[str, Any] = {"max_digits": 32, "decimal_places": 12}
RIGHT = "kpis.view"
ADJUSTED = "adjusted"  # rule of a note that tells of an adjustment: its subject, amount and appeal


class UnitType(models.TextChoices):
    FIRM = "firm", _("Firm")
    REGION = "region", _("Region")
    BRANCH = "branch", _("Branch")
    MANAGER = "manager", _("Client manager")


class ScorecardQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ScorecardQuerySet":
        """Cards of the units whose figures one may see; a manager's also by its home branch."""
        return self.in_scope(user.scope_for(RIGHT))

    def in_scope(self, scope: Scope) -> "ScorecardQuerySet":
        if scope.firm:
            return self
        units = scope.unit_ids | scope.branch_ids
        own = Q(unit_type=UnitType.MANAGER, unit_code__in=scope.manager_nos - {""})
        return self.filter(Q(unit_id__in=units) | own)


class Scorecard(models.Model):
    """A unit's card of a period.

    unit_code is empty for the firm; unit is the branch or region, a manager's home branch (where most of its
    clients are), null for the firm. start and end: the period's dates; reckoned_to: its last day, or the
    as-of date while it runs (K10). A running period's card is updated in place as revision 1; numbers of a
    closed one that change make the next revision, older ones stay. build tells which passages stand behind
    the counts. inputs holds what the card was worked out from (beside its counts), so that it can be worked
    out again.
    """

    class State(models.TextChoices):
        PROVISIONAL = "provisional", _("Provisional")
        FINAL = "final", _("Final")
        WITHHELD = "withheld", _("Withheld")  # its counts break the identity

    unit_type = models.CharField(max_length=7, choices=UnitType.choices)
    unit_code = models.CharField(max_length=20, blank=True)
    unit_name = models.CharField(max_length=100)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    period = models.CharField(max_length=7)
    period_type = models.CharField(max_length=7)
    start = models.DateField()
    end = models.DateField()
    reckoned_to = models.DateField()
    revision = models.IntegerField()
    current = models.BooleanField()
    build = models.IntegerField()
    as_of = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices)
    completeness = models.CharField(max_length=8)  # full, partial, none
    flags = ArrayField(models.CharField(max_length=20), default=list)
    # [{"rule", "number", "added": [client_no], "removed": [client_no]}], or rule ADJUSTED with amount, appeal
    # and, where the branch that appealed has been merged into this one, that one's code as unit
    notes = models.JSONField(default=list)
    counts = models.JSONField()
    profitability = models.JSONField()  # {"tiers": [...], "groups": [...]}, decimals as text
    total = models.DecimalField(**EXACT, null=True)
    scheme = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    model_version = models.IntegerField(null=True)
    inputs = models.JSONField()
    fingerprint = models.CharField(max_length=64)  # of all numbers and members, to notice a change
    made_at = models.DateTimeField()

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "unit_type", "unit_code", "revision"], name="scorecard_revision_once"
            ),
            models.UniqueConstraint(
                fields=["period", "unit_type", "unit_code"],
                condition=Q(current=True),
                name="scorecard_current_once",
            ),
            models.CheckConstraint(
                condition=Q(unit_type="firm") ^ ~Q(unit_code=""), name="scorecard_unit_code"
            ),
            models.CheckConstraint(
                condition=~Q(state="withheld") | Q(total__isnull=True), name="scorecard_withheld_has_no_total"
            ),
            models.CheckConstraint(condition=Q(period_type__in=PERIOD_TYPES), name="scorecard_period_type"),
        ]
        indexes = [
            models.Index(fields=["unit_type", "unit_code", "period_type", "-start"], name="scorecard_unit"),
            models.Index(fields=["-start", "id"], name="scorecard_start", condition=Q(current=True)),
        ]

    @property
    def period_value(self) -> Period:
        return Period(self.start, self.period_type)

    @property
    def unit_label(self) -> str:
        """As the API and URLs name the unit: firm, branch:1001."""
        return self.unit_type if not self.unit_code else f"{self.unit_type}:{self.unit_code}"

    @property
    def unit_title(self) -> str:
        """The unit's name as pages show it; the firm is named in the reader's language."""
        return gettext("The whole firm") if self.unit_type == UnitType.FIRM else self.unit_name

    def lines_by_name(self) -> dict[str, "ScorecardLine"]:
        """The four lines by indicator; none on a withheld card."""
        return {line.indicator: line for line in self.lines.all()}


class ScorecardLine(models.Model):
    """One indicator of a card. raw and used (after shrinking): rates as fractions, none for profitability."""

    card = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="lines")
    indicator = models.CharField(max_length=13)
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    raw = models.DecimalField(**EXACT, null=True)
    used = models.DecimalField(**EXACT, null=True)
    floor = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    target = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    score = models.DecimalField(**EXACT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["card", "indicator"], name="scorecard_line_once"),
            models.CheckConstraint(condition=Q(indicator__in=INDICATORS), name="scorecard_line_indicator"),
        ]


class PeriodBuild(models.Model):
    """How often a period was made anew, and from what: its passages are numbered by this.

    settings: a hash of units, scheme, targets and model versions; another one makes all cards stale.
    """

    period = models.CharField(max_length=7, primary_key=True)
    start = models.DateField()
    end = models.DateField()
    number = models.IntegerField(default=1)
    as_of = models.DateField()
    settings = models.CharField(max_length=64)
