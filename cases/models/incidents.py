"""One event in the market or our systems that many clients ask about: one answer for all their cases."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.models import Person


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: Any) -> "IncidentQuerySet":
        """An incident holds nothing about clients: whoever sees cases sees all of them."""
        return self if user.may("cases.view") else self.none()


class Incident(models.Model):
    """answer: what every client will be told; proposed by one person, approved by another."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("incident", "Open")
        PROPOSED = "proposed", _("Answer waits for approval")
        APPROVED = "approved", _("Answer approved")
        CLOSED = "closed", pgettext_lazy("incident", "Closed")

    title = models.CharField(max_length=120)
    text = models.TextField(max_length=2000, blank=True)
    answer = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="incident_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "proposed"], approved_by__isnull=True)
                | Q(state__in=["approved", "closed"], approved_by__isnull=False, approved_at__isnull=False),
                name="incident_approved_before_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cases:incident", args=[self.pk])
