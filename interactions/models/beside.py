"""Beside a conversation: files, the check of who speaks, text not sent yet, and who looks at it now."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from core.files.stored import StoredFile
from interactions.models.conversations import Conversation, Message
from staff.models import Person


class Attachment(StoredFile):
    """A file of a message, or of one not sent yet."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="attachments")

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it."""
        return self.content_type.startswith("image/")

    def news(self) -> tuple[str, str, dict[str, int]] | None:
        """Whoever has the conversation."""
        agent = self.conversation.agent_id
        return (f"person:{agent}", "conversation", {"conversation": self.conversation_id}) if agent else None


class Wanted(models.Model):
    """A file that a platform only named (media_id), to be fetched; gone when it was, or is given up."""

    attachment = models.OneToOneField(
        Attachment, on_delete=models.CASCADE, related_name="wanted", primary_key=True
    )
    media_id = models.CharField(max_length=200)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)
    fault = models.CharField(max_length=200, blank=True)


class Verification(models.Model):
    """That somebody checked who is speaking, how, and with what result. Rows are only added."""

    class Method(models.TextChoices):
        QUESTIONS = "questions", _("Questions on the account")
        PASSWORD = "password", _("Telephone password")
        DOCUMENT = "document", _("ID document seen")
        BOUND = "bound", _("Account bound to the client")
        CALLBACK = "callback", _("Called back on the number of record")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="verifications")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=9, choices=Method.choices)
    passed = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]


class Draft(models.Model):
    """What somebody typed and did not send yet, by conversation; sealed (`draft:<key>:body`)."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="drafts", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    body = models.BinaryField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="draft_once")]

    @property
    def context(self) -> str:
        """What the sealed text is bound to."""
        return f"draft:{self.key}:body"


class Viewing(models.Model):
    """That somebody has a conversation open, or types in it; forgotten when the page says nothing more."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="viewings", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="viewing_once")]
