"""One call, chat, exchange of messages or visit, and what was written in it."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from interactions.models.channels import Line
from interactions.models.contacts import Contact
from interactions.models.log import Category, Channel, Interaction
from staff.models import Person, Unit


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: Any) -> "ConversationQuerySet":
        """One's own, those of clients one may see, and those of nobody yet in one's units."""
        scope = user.scope
        if not (scope.clients and scope.identity):
            return self.none()
        if scope.firm:
            return self
        clients = Q(client__branch_id__in=scope.branch_ids) | Q(
            client__manager_no__in=scope.manager_nos - {""}
        )
        return self.filter(clients | Q(client__isnull=True, unit_id__in=scope.unit_ids) | self._own(user))

    @staticmethod
    def _own(user: Any) -> Q:
        return Q(agent_id=user.actor_id) if user.actor_kind == "person" else Q(pk__in=[])

    def open(self) -> "ConversationQuerySet":
        """What somebody still has to deal with."""
        return self.exclude(state=Conversation.State.CLOSED)


class Conversation(models.Model):
    """A call, chat, mail thread, SMS exchange or visit, from its first event to its entry in the log.

    The facts told by events (times, hold, counts) are a pure function of the set of its events, in whatever
    order they come (interactions.actions.arrival). The desk's state beside them changes by deeds.
    thread: the outside's name for it (callId, session, mail thread). waiting_since: the oldest word of the
    client without an answer. Seconds are whole. A closed conversation has its entry in the log.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")  # in the queue, nobody has it
        ACTIVE = "active", _("In hand")
        SNOOZED = "snoozed", _("Snoozed")
        WRAP_UP = "wrap_up", _("Wrap-up")  # the call is over, the entry not yet written
        CLOSED = "closed", pgettext_lazy("conversation", "Closed")

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="conversations", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    thread = models.CharField(max_length=200)
    direction = models.CharField(max_length=3, choices=Interaction.Direction.choices)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="conversations")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="conversations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=200, blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")

    # told by events
    opened_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)  # entered the queue for a person; null when it never did
    answered_at = models.DateTimeField(null=True)  # the call was answered; of messages the first reply
    ended_at = models.DateTimeField(null=True)
    last_in_at = models.DateTimeField(null=True)
    last_out_at = models.DateTimeField(null=True)
    hold_seconds = models.IntegerField(default=0)
    messages_in = models.IntegerField(default=0)
    messages_out = models.IntegerField(default=0)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    satisfaction = models.SmallIntegerField(null=True)  # 1 to 5
    recommend = models.SmallIntegerField(null=True)  # 0 to 10, for the net promoter score

    # the desk's
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    tier = models.CharField(max_length=3, blank=True)  # of the client when it came in
    priority = models.SmallIntegerField(default=0)  # higher is served first
    waiting_since = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    wrapped_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=dict, db_default={})  # the script's version, and what was ticked of it
    entry = models.OneToOneField(
        Interaction, on_delete=models.PROTECT, null=True, related_name="of_conversation"
    )
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "thread"], name="conversation_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "closed"]) | Q(agent__isnull=False),
                name="conversation_in_hands",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(agent__isnull=True), name="conversation_waits_for_anybody"
            ),
            models.CheckConstraint(
                condition=~Q(state="snoozed") | Q(snoozed_until__isnull=False),
                name="conversation_snoozed_until",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(entry__isnull=False), name="conversation_closed_with_entry"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at")),
                name="conversation_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-priority", "waiting_since", "id"],
                name="conversation_queue",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["agent", "state", "waiting_since"],
                name="conversation_agent",
                condition=~Q(state="closed"),
            ),
            models.Index(fields=["snoozed_until"], name="conversation_snoozed", condition=Q(state="snoozed")),
            models.Index(fields=["opened_at", "id"], name="conversation_time"),
            models.Index(fields=["contact", "-opened_at"], name="conversation_contact"),
            models.Index(
                fields=["client"], name="conversation_recommend", condition=Q(recommend__isnull=False)
            ),
            models.Index(
                fields=["queued_at"],
                name="conversation_queued",
                condition=Q(direction="in", queued_at__isnull=False),
            ),
            models.Index(
                fields=["ended_at"],
                name="conversation_ended",
                condition=Q(direction="in", queued_at__isnull=False),
            ),
        ]


class Message(models.Model):
    """One message of a conversation, in or out. The text is sealed (`message:<key>:body`).

    event_id: the outside's name of it, unique in the conversation, so that one told twice stands once.
    A note is of the house: it never leaves, and counts as no message.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NOTE = "note", _("Internal note")

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    event_id = models.CharField(max_length=200)
    direction = models.CharField(max_length=3, choices=Interaction.Direction.choices)
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.TEXT, db_default="text")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    body = models.BinaryField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["conversation", "event_id"], name="message_once")]
        indexes = [models.Index(fields=["conversation", "at", "id"], name="message_order")]

    @property
    def context(self) -> str:
        """What the sealed text is bound to."""
        return f"message:{self.key}:body"
