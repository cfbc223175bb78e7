"""What goes out: one row a message and recipient, written with the deed that wants it sent."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Consent
from interactions.models.channels import Line
from interactions.models.contacts import Contact
from interactions.models.conversations import Message
from staff.scope import Scope


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        """Those of clients somebody may see, of nobody yet in one's units, and what one asked for."""
        scope = user.scope
        own = Q(requested_by=user.actor_name) if scope.clients and not scope.firm else Q()
        return self.filter(_within(scope) | own) if own else self.in_scope(scope)

    def in_scope(self, scope: Scope) -> "DeliveryQuerySet":
        """Those of clients of the scope, and of nobody yet in its units."""
        if not scope.clients:
            return self.none()
        return self if scope.firm else self.filter(_within(scope))


def _within(scope: Scope) -> Q:
    return (
        Q(client__branch_id__in=scope.branch_ids)
        | Q(client__manager_no__in=scope.manager_nos - {""})
        | Q(client__isnull=True, line__unit_id__in=scope.unit_ids)
    )


class Delivery(models.Model):
    """One message to one recipient. `key` goes to the gateway with every attempt, which keeps it once.

    recipient, subject and body are sealed (`delivery:<key>:<field>`). purpose decides which consent is asked
    when sending; exempt messages (fraud, margin call, regulator) go out whatever the hour and the consent.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")  # due at due_at
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")  # the gateway took it
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        FAILED = "failed", _("Failed")  # attempts used up, or the gateway refused for good
        BOUNCED = "bounced", _("Bounced")
        SUPPRESSED = "suppressed", _("Not allowed")  # consent, do not contact, deceased
        UNCERTAIN = (
            "uncertain",
            _("Perhaps sent"),
        )  # handed over, but the answer was not heard; a person decides

    class Exempt(models.TextChoices):
        FRAUD = "fraud", _("Fraud warning")
        MARGIN_CALL = "margin_call", _("Margin call")
        REGULATORY = "regulatory", _("Regulatory notice")
        ANSWER = "answer", _("Answer to the client")  # within a conversation the client began

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="delivery")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="deliveries")
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, related_name="deliveries", db_index=False
    )
    purpose = models.CharField(max_length=10, choices=Consent.Purpose.choices)
    exempt = models.CharField(max_length=11, choices=Exempt.choices, blank=True)
    recipient = models.BinaryField()
    subject = models.BinaryField(null=True)
    body = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    held_for = models.CharField(max_length=60, blank=True)  # why it waits, such as quiet hours
    attempts = models.SmallIntegerField(default=0)
    gateway_ref = models.CharField(max_length=200, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    handed_at = models.DateTimeField(null=True)  # by an attempt whose outside knows no keys
    sent_at = models.DateTimeField(null=True)
    receipt_at = models.DateTimeField(null=True)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField(auto_now_add=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "gateway_ref"], condition=~Q(gateway_ref=""), name="delivery_gateway_ref"
            ),
            models.CheckConstraint(
                condition=~Q(state="uncertain") | Q(handed_at__isnull=False), name="delivery_uncertain_handed"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="delivery_due", condition=Q(state__in=["waiting", "sending"])
            ),
            models.Index(fields=["-requested_at", "-id"], name="delivery_time"),
        ]

    def context(self, field: str) -> str:
        """What a sealed field is bound to."""
        return f"delivery:{self.key}:{field}"
