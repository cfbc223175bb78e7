"""Reads of recordings: those of an entry of the log or of a conversation, and who may listen."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from interactions.models import Conversation, Interaction, Recording
from staff.roles import RIGHTS, Role

LISTEN = "recordings.listen"
WITH_RECORDINGS = Prefetch(
    "of_conversation",
    Conversation.objects.only("pk", "entry_id").prefetch_related(
        Prefetch("recordings", Recording.objects.select_related("line", "agent").order_by("started_at", "pk"))
    ),
)
"""Of a list of entries; two queries however many there are."""


def recordings_of(entry: Interaction) -> list[Recording]:
    """Of the conversation that the entry closes, in order; none of an entry that nobody spoke for."""
    talk = getattr(entry, "of_conversation", None)
    return list(talk.recordings.all()) if talk is not None else []


def of_entries(*, reader: Any, entries: Iterable[int]) -> dict[int, list[Recording]]:
    """Recordings by the id of the entry in force they belong to, of those that the reader may read."""
    seen = Interaction.objects.visible_to(reader).in_force().filter(pk__in=list(entries))
    found = {entry.pk: recordings_of(entry) for entry in seen.prefetch_related(WITH_RECORDINGS)}
    return {number: recordings for number, recordings in found.items() if recordings}


def of_conversation(*, reader: Any, conversation: Conversation) -> list[Recording]:
    """Recordings of a conversation the reader sees; none where its entry is more confidential than that."""
    entry = conversation.entry_id
    if entry is not None and not Interaction.objects.visible_to(reader).filter(pk=entry).exists():
        return []
    return list(conversation.recordings.select_related("agent", "line").order_by("started_at", "pk"))


def may_listen(reader: Any, recording: Recording) -> bool:
    """Those with the right, and whoever spoke; the sound is only offered where the line says where it is."""
    own = reader.actor_kind == "person" and recording.agent_id == reader.actor_id
    return own or reader.may(LISTEN)


def listeners() -> list[str]:
    """The roles that may listen, in the reader's language."""
    return [str(Role(role).label) for role, rights in RIGHTS.items() if LISTEN in rights]


def address_of(recording: Recording) -> str:
    """Where the sound is kept, as the line's settings say; '' where they say nothing."""
    store = str(recording.line.settings.get("recordings_url") or "")
    return f"{store.rstrip('/')}/{recording.reference.lstrip('/')}" if store else ""


def listen_link(reader: Any, recording: Recording) -> str:
    """The house's own link to it, which keeps on record that somebody listened; '' for who may not."""
    if not address_of(recording) or not may_listen(reader, recording):
        return ""
    return reverse("levels:listen", args=[recording.key])
