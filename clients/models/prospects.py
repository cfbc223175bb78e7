"""People who may become clients: where they come from, how far they are, and which account they opened."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, ClientRowsQuerySet


class Prospect(models.Model):
    """What is kept of a prospect beside its client record (a Client with status prospect, client_no P…).

    entered_on: the day of the first word with them. Converted: the account came by feed (converted_to), and
    the two records are joined by the merge named here; matched_by says what gave them away.
    """

    class Source(models.TextChoices):
        REFERRAL = "referral", _("Recommended by a client")
        WALK_IN = "walk_in", _("Came to the branch")
        EVENT = "event", _("Event")
        PHONE = "phone", _("Phone enquiry")
        ONLINE = "online", _("Website or app")
        PARTNER = "partner", _("Partner")
        LIST = "list", _("Imported list")
        OTHER = "other", _("Other source")

    class Stage(models.TextChoices):
        NEW = "new", _("New prospect")
        CONTACTED = "contacted", _("Contacted")
        INTERESTED = "interested", _("Interested")
        OPENING = "opening", _("Opening an account")
        CONVERTED = "converted", _("Converted")
        LOST = "lost", _("Lost prospect")

    class MatchedBy(models.TextChoices):
        ID = "id", _("Same ID")
        MOBILE = "mobile", _("Same mobile and name")
        PERSON = "person", _("Confirmed by a person")

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="prospect")
    source = models.CharField(max_length=10, choices=Source.choices)
    source_detail = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.NEW)
    stage_since = models.DateTimeField()
    lost_reason = models.CharField(max_length=300, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    entered_on = models.DateField()
    entered_by = models.CharField(max_length=150)
    imported_by = models.BigIntegerField(null=True)  # the import that made it
    converted_to = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, related_name="converted_from", db_index=False
    )
    converted_at = models.DateTimeField(null=True)
    matched_by = models.CharField(max_length=6, choices=MatchedBy.choices, blank=True)
    merge = models.ForeignKey(
        "clients.Merge", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="converted", converted_to__isnull=False, converted_at__isnull=False)
                | (~Q(stage="converted") & Q(converted_to__isnull=True, converted_at__isnull=True)),
                name="prospect_converted_to_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(stage="lost") | ~Q(lost_reason=""), name="prospect_lost_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "client"], name="prospect_stage"),
            models.Index(
                fields=["converted_to"], name="prospect_account", condition=Q(converted_to__isnull=False)
            ),
            models.Index(
                fields=["imported_by"], name="prospect_import", condition=Q(imported_by__isnull=False)
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.stage not in (self.Stage.CONVERTED, self.Stage.LOST)

    def __str__(self) -> str:
        return self.client.client_no


class StageChange(models.Model):
    """A step of a prospect from one stage to another; never changed afterwards."""

    prospect = models.ForeignKey(Prospect, on_delete=models.CASCADE, related_name="steps")
    old_stage = models.CharField(max_length=10, choices=Prospect.Stage.choices, blank=True)
    stage = models.CharField(max_length=10, choices=Prospect.Stage.choices)
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()


class ProspectMatchQuerySet(models.QuerySet["ProspectMatch"]):
    def visible_to(self, user: Any) -> "ProspectMatchQuerySet":
        """Those whose both records the reader may see."""
        seen = Client.objects.visible_to(user)
        return self.filter(prospect__client__in=seen, client__in=seen)


class ProspectMatch(models.Model):
    """An account that may be a prospect's, but not beyond doubt; somebody says yes or no, once."""

    class State(models.TextChoices):
        OPEN = "open", _("Match to confirm")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Somebody else")

    prospect = models.ForeignKey(Prospect, on_delete=models.CASCADE, related_name="matches")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    found_by = models.CharField(max_length=6, choices=Prospect.MatchedBy.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)

    objects = ProspectMatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prospect", "client"], name="prospect_match_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="prospect_match_decided",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="prospect_match_open", condition=Q(state="open"))]
