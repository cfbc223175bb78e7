"""Personal values that somebody asked to see unmasked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, ClientRowsQuerySet
from staff.models import Person


class Reveal(models.Model):
    """One look at an unmasked value: who, which field, what for; never the value itself.

    field: id_number, mobile, email, address, or contact-<number> for a further contact point. The hourly
    limit counts these rows (clients.actions.reveal).
    """

    class Purpose(models.TextChoices):
        CONTACT = "contact", _("Contact the client")
        IDENTIFY = "identify", _("Check who is speaking")
        CORRECT = "correct", _("Correct the record")
        CASE = "case", _("Work on a request or complaint")
        REVIEW = "review", _("Compliance review")
        OTHER = "other", _("Something else")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="reveals", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    field = models.CharField(max_length=40)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="reveal_person"),
            models.Index(fields=["client", "-at"], name="reveal_client"),
        ]
