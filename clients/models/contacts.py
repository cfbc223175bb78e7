"""Further phones, emails and addresses of a client that people keep by hand."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, ClientRowsQuerySet


class ContactPointQuerySet(ClientRowsQuerySet):
    def in_use(self) -> "ContactPointQuerySet":
        """Without those that were ended."""
        return self.filter(ended_at__isnull=True)


class ContactPoint(models.Model):
    """A way to reach a client beside what the feeds tell; sealed, ended instead of deleted.

    The value is bound to the row by `context`. mobile_index and tail_index serve the search of mobiles,
    email_index that of emails; other kinds have none. Preferred: at most one of a client and kind in use.
    """

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("Mobile")
        PHONE = "phone", _("Landline")
        EMAIL = "email", _("Email")
        ADDRESS = "address", _("Address")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="contact_points", db_index=False
    )
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    label = models.CharField(max_length=40, blank=True)  # such as "office" or "daughter's home"
    value = models.BinaryField()
    mobile_index = models.BinaryField(null=True)
    tail_index = models.BinaryField(null=True)  # of the last four digits
    email_index = models.BinaryField(null=True)
    preferred = models.BooleanField(default=False)
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kind"],
                condition=Q(preferred=True, ended_at__isnull=True),
                name="contact_point_one_preferred",
            )
        ]
        indexes = [
            models.Index(fields=["client", "kind"], name="contact_point_client"),
            models.Index(fields=["mobile_index"], name="contact_point_mobile"),
            models.Index(fields=["tail_index"], name="contact_point_tail"),
            models.Index(fields=["email_index"], name="contact_point_email"),
        ]

    @property
    def context(self) -> str:
        """What the sealed value is bound to."""
        return f"contact_point:{self.key}:value"

    @property
    def pk_text(self) -> str:
        """The number as an address says it."""
        return str(self.pk)
