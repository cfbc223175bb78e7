"""Pictures and files that a platform only named: noted with their message, fetched in the background.

A row is taken with a lease and fetched outside of any transaction. The file then goes the way of all files:
kind and size, the sealed store, the scan.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import live
from core.files.content import LARGEST, File
from core.wake import wake
from interactions.actions.files import fill
from interactions.actions.lines import secrets_of
from interactions.actions.tokens import shelf_of
from interactions.channels.known import WAYS
from interactions.channels.media import fetched
from interactions.channels.outgoing import NotNow, Rejected
from interactions.models import Attachment, Message, Wanted

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS, MOST_OF_A_MESSAGE = 8, 10
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)
State = Attachment.State


@dataclass(frozen=True)
class Named:
    """What a platform called it."""

    media_id: str
    name: str = ""


def named_in(payload: Mapping[str, Any]) -> list[Named]:
    """What a message brings only by name."""
    told = payload.get("media")
    rows = told if isinstance(told, list) else []
    found = [
        Named(str(one.get("id") or ""), str(one.get("name") or "")) for one in rows if isinstance(one, dict)
    ]
    return [one for one in found if one.media_id and len(one.media_id) <= 200][:MOST_OF_A_MESSAGE]


def note_wanted(*, message: Message, named: Sequence[Named], added_by: str) -> None:
    """Rows of files to be fetched, in the caller's transaction."""
    for one in named:
        attachment = Attachment.objects.create(
            conversation=message.conversation, message=message, name=one.name[:150], content_type="", size=0,
            sha256="", state=State.COMING, added_by=added_by[:150],
        )  # fmt: skip
        Wanted.objects.create(attachment=attachment, media_id=one.media_id, due_at=timezone.now())
    wake("interactions.tasks.fetch_media")


def fetch_due(limit: int = 50) -> int:
    """Fetches what is due; returns how many rows were dealt with. A line that is away holds up no other."""
    away: set[int] = set()
    for done in range(limit):
        taken = _take(away)
        if taken is None:
            return done
        _fetch(taken, away)
    return limit


@transaction.atomic
def _take(away: set[int]) -> Wanted | None:
    due = Wanted.objects.filter(due_at__lte=timezone.now())
    due = due.exclude(attachment__conversation__line__in=away).select_for_update(
        skip_locked=True, of=("self",)
    )
    taken = due.select_related("attachment__conversation__line").order_by("due_at", "pk").first()
    if taken is not None:
        taken.attempts += 1
        taken.due_at = timezone.now() + LEASE
        taken.save(update_fields=["attempts", "due_at"])
    return taken


def _fetch(taken: Wanted, away: set[int]) -> None:
    line = taken.attachment.conversation.line
    way = WAYS[line.adapter]
    try:
        file = fetched(
            taken.media_id, taken.attachment.name, platform=way.platform, secret=way.secret,
            settings=line.settings, secrets=secrets_of(line), shelf=shelf_of(line), most=LARGEST,
        )  # fmt: skip
    except Rejected as error:
        _lose(taken, str(error))
    except NotNow as error:
        away.add(line.pk)
        _put_off(taken, str(error))
    except (ValidationError, ValueError) as error:
        log.exception("a file by line %s cannot be fetched", line.code)
        _put_off(taken, type(error).__name__)
    else:
        _keep(taken, file)


@transaction.atomic
def _keep(taken: Wanted, file: File) -> None:
    held = _still_ours(taken)
    if held is not None:
        fill(attachment=held.attachment, file=file)
        _done(held)


@transaction.atomic
def _lose(taken: Wanted, why: str) -> None:
    held = _still_ours(taken)
    if held is not None:
        held.attachment.state, held.attachment.finding = State.LOST, why[:200]
        held.attachment.save(update_fields=["state", "finding"])
        _done(held)


@transaction.atomic
def _put_off(taken: Wanted, why: str) -> None:
    if taken.attempts >= MOST_ATTEMPTS:
        _lose(taken, why)
        return
    held = _still_ours(taken)
    if held is not None:
        pause = min(FIRST_PAUSE * 4 ** (held.attempts - 1), LONGEST_PAUSE)
        held.due_at, held.fault = timezone.now() + pause, why[:200]
        held.save(update_fields=["due_at", "fault"])


def _still_ours(taken: Wanted) -> Wanted | None:
    """The row, locked; None when the lease was over and another has taken it since."""
    rows = Wanted.objects.select_for_update(of=("self",)).select_related("attachment__conversation")
    return rows.filter(pk=taken.pk, attempts=taken.attempts).first()


def _done(held: Wanted) -> None:
    talk = held.attachment.conversation
    held.delete()
    if talk.agent_id:
        live.tell(f"person:{talk.agent_id}", "conversation", conversation=talk.pk)
