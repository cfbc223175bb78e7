"""The monthly client analysis report: sections with linked figures, and texts in versions."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kpis.rules import Period, parse_period
from staff.models import Person

VIEW, MANAGE = "reports.view", "reports.manage"
SECTIONS = ("movement", "segments", "migration", "concentration", "at_risk", "units", "service")


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> "ReportQuerySet":
        """Figures are the firm's: the right must be held for all of it. Drafts are for those who write."""
        if not user.scope_for(VIEW).firm:
            return self.none()
        return self if user.scope_for(MANAGE).firm else self.filter(state=Report.State.RELEASED)


class Report(models.Model):
    """A month's client analysis report, or a correction of one that was released.

    number: 1, and one more for each correction, which says whom it corrects and why; the corrected one stays.
    as_of: the close its figures stand on. figures_at: when they were read last; once it is submitted they
    never change (a trigger sees to it). provisional: whether some card behind them was not final. version
    counts the deeds done on it, so that a page notices when somebody else was faster.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RELEASED = "released", pgettext_lazy("report", "Released")

    period = models.CharField(max_length=7)
    number = models.SmallIntegerField(default=1)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(max_length=300, blank=True)
    as_of = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    version = models.IntegerField(default=1)
    provisional = models.BooleanField()
    figures_at = models.DateTimeField()
    sent_back_for = models.CharField(max_length=300, blank=True)
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-period", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="report_number_once"),
            models.CheckConstraint(
                condition=Q(number=1, corrects__isnull=True, reason="")
                | (Q(number__gt=1, corrects__isnull=False) & ~Q(reason="")),
                name="report_corrects_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("submitted_by")),
                name="report_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_by__isnull=True, submitted_at__isnull=True)
                | (~Q(state="draft") & Q(submitted_by__isnull=False, submitted_at__isnull=False)),
                name="report_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_by__isnull=False, released_at__isnull=False)
                | (~Q(state="released") & Q(released_by__isnull=True, released_at__isnull=True)),
                name="report_released_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.period

    @property
    def period_value(self) -> Period:
        return parse_period(self.period)

    @property
    def correction(self) -> "Report | None":
        """The report that corrects this one, or is being written to."""
        return getattr(self, "corrected_by", None)

    @property
    def taken_over_by(self) -> "Report | None":
        """The released correction that stands in its place."""
        found = self.correction
        return found if found and found.state == self.State.RELEASED else None

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def get_absolute_url(self) -> str:
        """Of the month; an earlier one of it is asked for by its number."""
        return reverse("reports:detail", args=[self.period])

    @property
    def numbered_url(self) -> str:
        return f"{self.get_absolute_url()}?number={self.number}"


class ReportSection(models.Model):
    """A section: its figures, and which of its texts is the newest.

    figures: {"facts": {name: [kind, value]}, ...}, decimals as text; texts name facts as {name}, so that no
    number is typed over.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sections", db_index=False)
    key = models.CharField(max_length=20)
    position = models.SmallIntegerField()
    figures = models.JSONField()
    text_number = models.IntegerField(default=1)

    class Meta:
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="report_section_once"),
            models.CheckConstraint(condition=Q(key__in=SECTIONS), name="report_section_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.key}"


class ReportText(models.Model):
    """What a section said from one writing to the next; never changed. Without an author it was drafted from
    the figures."""

    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="texts", db_index=False)
    number = models.IntegerField()
    text_zh = models.TextField(max_length=8_000, blank=True)
    text_en = models.TextField(max_length=8_000, blank=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["section", "-number"]
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="report_text_once")]

    def __str__(self) -> str:
        return f"{self.section_id}/{self.number}"

    @property
    def words(self) -> str:
        """In the reader's language; without English the Chinese."""
        return self.text_en if self.text_en and get_language() == "en" else self.text_zh


class ReportSubscription(models.Model):
    """That a person gets each released report by mail: at once, or on a day of the month at eight o'clock."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="report_subscription"
    )
    day = models.SmallIntegerField(null=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(day__range=(1, 28)), name="report_subscription_day"
            )
        ]
