"""Deeds beside the words of a conversation: notes, drafts, the check of who speaks, and who is looking."""

from datetime import timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, crypto, live
from core.errors import Conflict
from interactions.models import Conversation, Draft, Message, Verification, Viewing
from staff.models import Person

LONGEST_NOTE = 2000
LONGEST_DRAFT = 8000
STILL_THERE = timedelta(seconds=75)  # the page tells every 45 s that it is open


@transaction.atomic
def add_note(*, actor: Person, conversation: Conversation, text: str) -> Message:
    """Words for colleagues; they never leave the house. Raises ValidationError."""
    words = text.strip()
    if not words or len(words) > LONGEST_NOTE:
        raise ValidationError({"text": _("A note has 1 to %(most)s characters.") % {"most": LONGEST_NOTE}})
    note = Message(
        conversation=conversation, event_id=f"note:{uuid4()}", direction="out", kind=Message.Kind.NOTE,
        author=actor, at=timezone.now(),
    )  # fmt: skip
    note.body = crypto.seal(words, note.context)
    note.save(force_insert=True)
    audit.record(
        actor=actor, deed="conversation.noted", subject_type="conversation", subject_id=conversation.pk,
        unit_code=conversation.unit.code, client_id=conversation.client_id,
    )  # fmt: skip
    if conversation.agent_id:
        live.tell(f"person:{conversation.agent_id}", "conversation", conversation=conversation.pk)
    return note


def save_draft(*, actor: Person, conversation: Conversation, text: str) -> None:
    """Keeps what was typed, for the same person on whatever machine; nothing typed is no draft."""
    if not text.strip():
        Draft.objects.filter(conversation=conversation, person=actor).delete()
        return
    draft = Draft.objects.filter(conversation=conversation, person=actor).first()
    draft = draft or Draft(conversation=conversation, person=actor)
    draft.body = crypto.seal(text[:LONGEST_DRAFT], draft.context)
    Draft.objects.bulk_create(
        [Draft(key=draft.key, conversation=conversation, person=actor, body=draft.body,
               changed_at=timezone.now())],
        update_conflicts=True, unique_fields=["conversation", "person"],
        update_fields=["key", "body", "changed_at"],
    )  # fmt: skip


@transaction.atomic
def verify(
    *, actor: Person, conversation: Conversation, method: str, passed: bool, note: str = ""
) -> Verification:
    """Writes down how somebody made sure who speaks. Raises Conflict, and ValidationError by field."""
    if conversation.client is None:
        raise Conflict(_("Say first which client it is; then check whether it is."))
    if method not in Verification.Method.values:
        choices = ", ".join(Verification.Method.values)
        raise ValidationError({"method": _("Choose one of: %(choices)s.") % {"choices": choices}})
    checked = Verification.objects.create(
        conversation=conversation, client=conversation.client, method=method, passed=passed,
        note=note.strip()[:300], checked_by=actor,
    )  # fmt: skip
    audit.record(
        actor=actor, deed="conversation.verified" if passed else "conversation.not_verified",
        subject_type="conversation", subject_id=conversation.pk,
        unit_code=conversation.client.branch.code, client_id=conversation.client_id,
        detail={"method": method},
    )  # fmt: skip
    return checked


def look(*, actor: Person, conversation: Conversation) -> list[Person]:
    """Tells that the page is open, and returns the others who have it open too."""
    now = timezone.now()
    Viewing.objects.bulk_create(
        [Viewing(conversation=conversation, person=actor, seen_at=now)],
        update_conflicts=True, unique_fields=["conversation", "person"], update_fields=["seen_at"],
    )  # fmt: skip
    there = Viewing.objects.filter(conversation=conversation, seen_at__gte=now - STILL_THERE)
    others = there.exclude(person=actor).select_related("person").order_by("person__username")
    return [one.person for one in others]


def forget_looks() -> int:
    """Those that said nothing for a day."""
    return Viewing.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()[0]
