"""Appeals against a line of a card, their evidence, and the adjustments that accepted ones may lead to."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from core.files.stored import StoredFile
from kpis.models.cards import Scorecard
from staff.models import Person

TEXT, REFERENCE = 2000, 300  # characters at most


class AppealQuerySet(models.QuerySet["CardAppeal"]):
    def visible_to(self, user: Any) -> "AppealQuerySet":
        """Those against cards in sight."""
        return self.filter(card__in=Scorecard.objects.visible_to(user))

    def in_scope(self, scope: Any) -> "AppealQuerySet":
        cards: Any = Scorecard.objects
        return self.filter(card__in=cards.in_scope(scope))


class CardAppeal(models.Model):
    """A unit says that a line of one revision of its card is wrong, with clients and evidence.

    line: an indicator or a count. Accepted ones name their remedy: a correction in the source, which
    `reference` leads to and the card follows by its next revision, or an adjustment that two persons
    stand for.
    """

    class State(models.TextChoices):
        LODGED = "lodged", pgettext_lazy("scorecard appeal", "Lodged")
        ACCEPTED = "accepted", pgettext_lazy("scorecard appeal", "Accepted")
        DECLINED = "declined", pgettext_lazy("scorecard appeal", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("scorecard appeal", "Withdrawn")

    class Remedy(models.TextChoices):
        CORRECTION = "correction", _("Correction in the source")
        ADJUSTMENT = "adjustment", _("Adjustment")

    card = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="appeals")
    line = models.CharField(max_length=13)
    text = models.CharField(max_length=TEXT)
    clients = models.ManyToManyField(Client, related_name="+")
    lodged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    lodged_at = models.DateTimeField()
    answer_by = models.DateField(null=True)  # null: beyond the exchange's calendar
    state = models.CharField(max_length=9, choices=State.choices, default=State.LODGED)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=TEXT, blank=True)
    remedy = models.CharField(max_length=10, choices=Remedy.choices, blank=True)
    reference = models.CharField(max_length=REFERENCE, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["card", "line"], condition=Q(state="lodged"), name="scorecard_appeal_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["lodged", "withdrawn"], answered_by__isnull=True)
                | (Q(state__in=["accepted", "declined"], answered_by__isnull=False) & ~Q(answer="")),
                name="scorecard_appeal_answered",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("lodged_by")),
                name="scorecard_appeal_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted") ^ Q(remedy=""), name="scorecard_appeal_remedy"
            ),
            models.CheckConstraint(
                condition=~Q(remedy="correction") | ~Q(reference=""), name="scorecard_appeal_reference"
            ),
        ]


class AppealFile(StoredFile):
    """Evidence beside an appeal."""

    appeal = models.ForeignKey(CardAppeal, on_delete=models.CASCADE, related_name="files")

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(size__gte=0), name="appeal_file_size")]


class Adjustment(models.Model):
    """An amount that enters the next revisions of a unit's card of a period as an input of its own.

    subject: an indicator whose events are more or fewer by a whole amount, or "profit:H" for the contribution
    of a group in CNY. Counts stay as counted. Once somebody decided it stays as it is (a trigger).
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        APPROVED = "approved", pgettext_lazy("scorecard appeal", "Approved")
        DECLINED = "declined", pgettext_lazy("scorecard appeal", "Declined")

    appeal = models.ForeignKey(CardAppeal, on_delete=models.PROTECT, related_name="adjustments")
    period = models.CharField(max_length=7)
    unit_type = models.CharField(max_length=7)
    unit_code = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=17)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["period", "unit_type", "unit_code"], name="adjustment_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["appeal"], condition=~Q(state="declined"), name="adjustment_once"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="adjustment_not_nothing"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | Q(state__in=["approved", "declined"], decided_by__isnull=False),
                name="adjustment_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="adjustment_four_eyes",
            ),
        ]
