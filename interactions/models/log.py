"""The interaction log of every channel (append-only), channel rates, and the cost of service by month."""

from typing import Any, cast

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientRowsQuerySet
from staff.models import Person, Unit
from staff.scope import Scope


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    VISIT = "visit", _("Branch visit")
    WECOM = "wecom", _("WeCom")
    WECHAT = "wechat", _("WeChat official account")
    CHAT = "chat", _("App or web chat")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("Email")
    WEIBO = "weibo", _("Weibo")


class ChannelRate(models.Model):
    """What a channel costs from a date on: CNY per minute and per message."""

    channel = models.CharField(max_length=10, choices=Channel.choices)
    effective_on = models.DateField()
    per_minute = models.DecimalField(max_digits=10, decimal_places=4)
    per_message = models.DecimalField(max_digits=10, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "effective_on"], name="channel_rate_once"),
            models.CheckConstraint(
                condition=Q(per_minute__gte=0) & Q(per_message__gte=0), name="channel_rate_not_negative"
            ),
        ]


class AccountCost(models.Model):
    """The fixed cost of keeping one client for a month, CNY, from a date on (0 by default)."""

    effective_on = models.DateField(unique=True)
    per_month = models.DecimalField(max_digits=10, decimal_places=4)


class Category(models.Model):
    """What an interaction was about: a tree. A renamed meaning gets a new code; old ones retire."""

    code = models.CharField(max_length=40, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    version = models.IntegerField(default=1)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_zh


class InteractionQuerySet(ClientRowsQuerySet):
    def in_force(self) -> "InteractionQuerySet":
        """Without the entries that a correction superseded."""
        newer = Interaction.objects.filter(supersedes=OuterRef("pk"))
        return self.filter(~Exists(newer))

    def visible_to(self, user: Any) -> "InteractionQuerySet":
        """The clients' scope, or the unit's while the client is unknown; and as confidential as one may read.

        Restricted entries: their agent, who may correct, and compliance; secret ones: agent and compliance.
        """
        rows = cast("InteractionQuerySet", super().visible_to(user))
        if user.may("audit.view"):
            return rows
        levels = Interaction.Confidentiality
        open_to = [levels.NORMAL, *([levels.RESTRICTED] if user.may("interactions.correct") else [])]
        own = Q(agent_id=user.actor_id) if user.actor_kind == "person" else Q(pk__in=[])
        return rows.filter(Q(confidentiality__in=open_to) | own)

    def in_scope(self, scope: Scope) -> "InteractionQuerySet":
        """As the client's; an entry of nobody known yet belongs to the unit it came in at."""
        if not scope.clients or scope.firm:
            return cast("InteractionQuerySet", super().in_scope(scope))
        return self.filter(
            Q(client__branch_id__in=scope.branch_ids)
            | Q(client__manager_no__in=scope.manager_nos - {""})
            | Q(client__isnull=True, unit_id__in=scope.unit_ids)
        )


class Interaction(models.Model):
    """One contact with a client. Never changed or deleted; a correction is a new entry that supersedes it.

    minutes: time of the agent, as billed to the client by the channel's rate. started_on: the Shanghai date.
    """

    class Direction(models.TextChoices):
        INBOUND = "in", _("Client contacted us")
        OUTBOUND = "out", _("We contacted the client")

    class Outcome(models.TextChoices):
        RESOLVED = "resolved", _("Resolved")
        FOLLOW_UP = "follow_up", _("Follow-up needed")
        NOT_REACHED = "not_reached", _("Not reached")
        INFORMED = "informed", _("Informed")

    class Confidentiality(models.TextChoices):
        NORMAL = "normal", _("Normal")
        RESTRICTED = "restricted", _("Restricted")  # for the agent, team leads and compliance
        SECRET = "secret", _("Secret")  # for the agent and compliance

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, related_name="interactions", db_index=False
    )
    contact = models.ForeignKey(  # who spoke, where that came by a channel
        "Contact", on_delete=models.PROTECT, null=True, related_name="interactions", db_index=False
    )
    unit = models.ForeignKey(  # where it came in, while the client is unknown
        Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    conversation = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField()
    started_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    minutes = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    messages = models.IntegerField(default=0)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    summary = models.TextField(max_length=4000)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.RESOLVED)
    follow_up_on = models.DateField(null=True)
    satisfaction = models.SmallIntegerField(null=True)
    reference = models.CharField(max_length=200, blank=True)  # of the recording or messages, held elsewhere
    steps = models.JSONField(  # of the checklist: script (its version), ticked, left_out, reason
        default=dict, db_default={}
    )
    confidentiality = models.CharField(
        max_length=10, choices=Confidentiality.choices, default=Confidentiality.NORMAL, db_default="normal"
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(
                fields=["client", "-started_at"],
                include=["confidentiality", "started_on"],  # what rules of segments ask of all entries
                name="interaction_client",
            ),
            models.Index(fields=["-started_at", "-id"], name="interaction_time"),
            models.Index(
                fields=["contact", "-started_at"],
                name="interaction_unknown",
                condition=Q(client__isnull=True),
            ),
            models.Index(fields=["agent", "-started_at"], name="interaction_agent"),
            # what the calendar shows
            models.Index(
                fields=["follow_up_on"],
                name="interaction_follow_up",
                condition=Q(outcome="follow_up", client__isnull=False),
            ),
            # attempts in vain, from which clients whom nobody reaches are told
            models.Index(
                fields=["started_at"],
                name="interaction_unanswered",
                condition=Q(outcome="not_reached", direction="out", client__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(client__isnull=False) | Q(unit__isnull=False), name="interaction_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=0) & Q(messages__gte=0), name="interaction_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="interaction_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="interaction_satisfaction",
            ),
        ]


class ServiceMonth(models.Model):
    """What serving a client cost in a month, by branch and manager of record on each interaction's date.

    product_families: as of the month's end (F8) where no other fact makes a row of the client's month there,
    else 0.
    """

    pk = models.CompositePrimaryKey("client_id", "month", "branch_id", "manager_no")
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="service_months", db_index=False
    )
    month = models.DateField()  # first day
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    manager_no = models.CharField(max_length=20, blank=True)
    interactions = models.IntegerField(default=0)
    minutes = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    messages = models.IntegerField(default=0)
    cost = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    product_families = models.SmallIntegerField(default=0)

    objects = ClientRowsQuerySet.as_manager()
