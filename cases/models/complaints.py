"""What a complaint has beside its case: classification, decisions, and the longer time of a complex one."""

from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models.cases import Case
from staff.models import Person


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: Any) -> "ComplaintQuerySet":
        return self.filter(case__in=Case.objects.visible_to(user).filter(is_complaint=True))

    def in_scope(self, scope: Any) -> "ComplaintQuerySet":
        return self.filter(case__in=Case.objects.all().in_scope(scope))

    def with_decision(self) -> "ComplaintQuerySet":
        """With `substantiated`, as decided last: yes, no, partly, or null."""
        newest = ComplaintDecision.objects.filter(complaint=OuterRef("pk")).order_by("-id")
        return self.annotate(substantiated=Subquery(newest.values("outcome")[:1]))


class Complaint(models.Model):
    """The register's facts on one complaint. received_on: the day in Shanghai on which it was received.

    complex_for: why it needs 15 working days instead of 5; asked for by one person, approved by another.
    """

    class Business(models.TextChoices):
        TRADING = "trading", _("Trading system and orders")
        MARGIN = "margin", _("Margin financing")
        PRODUCTS = "products", _("Product sales and suitability")
        ADVICE = "advice", _("Investment advice")
        FEES = "fees", _("Commission and fees")
        ACCOUNT = "account", _("Account and documents")
        PRIVACY = "privacy", _("Personal data")
        SERVICE = "service", _("Attitude and service")
        OTHER = "other", pgettext_lazy("complaint", "Other")

    class Severity(models.TextChoices):
        MINOR = "minor", _("Minor")
        MEDIUM = "medium", _("Medium")
        SERIOUS = "serious", _("Serious")
        MAJOR = "major", _("Major: media, crowd or large loss")

    class Source(models.TextChoices):
        CLIENT = "client", _("From the client")
        REGULATOR = "regulator", _("Forwarded by the regulator")
        EXCHANGE = "exchange", _("Forwarded by exchange or association")
        PRESS = "press", _("From the press or the net")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="complaint")
    received_on = models.DateField()
    business = models.CharField(max_length=8, choices=Business.choices, default=Business.OTHER)
    severity = models.CharField(max_length=7, choices=Severity.choices, default=Severity.MINOR)
    source = models.CharField(max_length=9, choices=Source.choices, default=Source.CLIENT)
    source_no = models.CharField(max_length=60, blank=True)  # the forwarding body's own number
    complainants = models.IntegerField(default=1)
    complex_for = models.CharField(max_length=300, blank=True)
    complex_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    complex_approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    complex_approved_at = models.DateTimeField(null=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-case_id"]
        indexes = [models.Index(fields=["-received_on", "-case"], name="complaint_received")]
        constraints = [
            models.CheckConstraint(condition=Q(complainants__gte=1), name="complaint_of_somebody"),
            models.CheckConstraint(
                condition=Q(complex_approved_by__isnull=True) | ~Q(complex_approved_by=F("complex_asked_by")),
                name="complaint_complex_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.case.number


class ComplaintDecision(models.Model):
    """Whether a complaint was substantiated, as found on a day; a later row holds from its own day on."""

    class Outcome(models.TextChoices):
        YES = "yes", _("Substantiated")
        PARTLY = "partly", _("Partly substantiated")
        NO = "no", _("Not substantiated")

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    decided_on = models.DateField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["complaint", "decided_on", "id"], name="complaint_decision_day")]


class EvidencePack(models.Model):
    """That a pack was made of a complaint: by whom, when, and the hash of its content."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="packs")
    sha256 = models.CharField(max_length=64)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
