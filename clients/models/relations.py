"""People and companies around a client: typed, dated relations."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, ScopedQuerySet


class RelationQuerySet(ScopedQuerySet):
    """Rows are visible to whoever sees one of their ends."""

    def visible_to(self, user: Any) -> "RelationQuerySet":
        seen = Client.objects.visible_to(user)
        return self.filter(Q(client__in=seen) | Q(other__in=seen))

    def about(self, ids: list[int]) -> "RelationQuerySet":
        """Rows with one of these clients at either end."""
        return self.filter(Q(client_id__in=ids) | Q(other_id__in=ids))


class Relation(models.Model):
    """`other` is the <kind> of `client` from from_date (inclusive) to to_date (exclusive; null: still).

    Other is a client, or somebody with a name and perhaps a sealed mobile. Between clients the row is
    written in the direction that the kind names; for somebody who is no client `backward` says that the
    client is the <kind> of the other. share: percent, of beneficial owners only.
    """

    class Kind(models.TextChoices):
        SPOUSE = "spouse", _("Spouse")
        PARENT = "parent", _("Parent")
        HOUSEHOLD = "household", _("Household member")
        BENEFICIAL_OWNER = "beneficial_owner", _("Beneficial owner")
        LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
        AUTHORISED_AGENT = "authorised_agent", _("Authorised agent")
        GUARDIAN = "guardian", _("Guardian")
        CONTROLLER = "controller", _("Controller")
        REFERRED_BY = "referred_by", _("Recommended by")
        OTHER = "other", _("Other relation")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="relations", db_index=False)
    other = models.ForeignKey(
        Client, on_delete=models.CASCADE, null=True, related_name="relations_back", db_index=False
    )
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    other_name = models.CharField(max_length=200, blank=True)
    other_mobile = models.BinaryField(null=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    backward = models.BooleanField(default=False)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    note = models.CharField(max_length=200, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.CharField(max_length=150, blank=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(other__isnull=False, other_name="", other_mobile__isnull=True, backward=False)
                | (Q(other__isnull=True) & ~Q(other_name="")),
                name="relation_client_or_name",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("client")), name="relation_not_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(kind="beneficial_owner", share__gt=0, share__lte=100),
                name="relation_share",
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="relation_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["client", "other", "kind"],
                condition=Q(to_date__isnull=True, other__isnull=False),
                name="relation_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "kind"], name="relation_client"),
            models.Index(fields=["other", "kind"], name="relation_other"),
        ]

    @property
    def context(self) -> str:
        """What the sealed mobile is bound to."""
        return f"relation:{self.key}:other_mobile"

    @property
    def pk_text(self) -> str:
        """The number as an address says it."""
        return str(self.pk)
