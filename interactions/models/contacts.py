"""Whoever speaks with us on a channel, known or not, and the clients they turned out to be."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientRowsQuerySet


class Contact(models.Model):
    """One address on the outside: a phone number, an email address, an account of WeCom, WeChat or Weibo.

    The address is sealed (`contact:<key>:address`), `address_index` finds it again. It belongs to as many
    clients as links say; those whose record has the number or the email are found without a link.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone number")  # calls and SMS
        EMAIL = "email", _("Email")
        WECOM = "wecom", _("WeCom")
        WECHAT = "wechat", _("WeChat official account")
        CHAT = "chat", _("App or web chat")
        WEIBO = "weibo", _("Weibo")
        VISIT = "visit", _("Branch visit")

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    address = models.BinaryField()
    address_index = models.BinaryField()  # of the kind and the normal form of the address
    name = models.CharField(max_length=60, blank=True)  # as the channel shows it
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    bounced_at = models.DateTimeField(null=True)  # the address does not exist, as far as we were told
    unsubscribed_at = models.DateTimeField(null=True)  # wants nothing but service

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "address_index"], name="contact_once")]

    @property
    def context(self) -> str:
        """What the sealed address is bound to."""
        return f"contact:{self.key}:address"


class ContactLink(models.Model):
    """Somebody said that this contact is (or speaks for) a client. Ended instead of deleted."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="links")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contact_links")
    linked_by = models.CharField(max_length=150)
    linked_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "client"], condition=Q(ended_at__isnull=True), name="contact_link_once"
            )
        ]
