"""What is known of call recordings; the sound itself is held elsewhere."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from interactions.models.channels import Line
from interactions.models.conversations import Conversation
from staff.models import Person


class RecordingQuerySet(models.QuerySet["Recording"]):
    def visible_to(self, user: Any) -> "RecordingQuerySet":
        """Recordings of conversations the reader may see; those that wait for theirs, by the line's unit."""
        if not user.may("interactions.view"):
            return self.none()
        scope = user.scope_for("interactions.view")
        waiting = Q(conversation__isnull=True)
        near = waiting if scope.firm else waiting & Q(line__unit_id__in=scope.unit_ids)
        seen = Conversation.objects.visible_to(user).values("pk")
        return self.filter(near | Q(conversation_id__in=seen))


class Recording(models.Model):
    """One recording, by the switchboard's call_id; the number is sealed (`recording:<key>:number`).

    conversation: the one whose thread is call_id on the same line, null until that appears.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="recordings", db_index=False)
    call_id = models.CharField(max_length=200)
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    number = models.BinaryField(null=True)
    reference = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, null=True, related_name="recordings"
    )
    imported_by = models.CharField(max_length=150)
    imported_at = models.DateTimeField(auto_now_add=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "call_id"], name="recording_once"),
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("started_at")), name="recording_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="recording_time"),
            models.Index(
                fields=["line", "call_id"], name="recording_waiting", condition=Q(conversation__isnull=True)
            ),
        ]

    @property
    def seconds(self) -> int:
        """How long it is."""
        return int((self.ended_at - self.started_at).total_seconds())

    @property
    def length(self) -> str:
        """The same as minutes and seconds, such as 5:07."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"

    @property
    def context(self) -> str:
        """What the sealed number is bound to."""
        return f"recording:{self.key}:number"
