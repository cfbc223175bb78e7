"""Sends what is due. A row is taken with a lease, carried outside of any transaction, and its end noted.

The database holds the truth: a worker that dies leaves the row to the next one when the lease is over, and
the gateway knows the key and keeps the message once. A mail server knows no keys: what was handed to it
without its answer being heard is never sent again by itself, a person decides (actions.doubt). Consent,
do-not-contact and quiet hours are looked at when sending, not when ordering: what was allowed in the morning
may not be at night.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from clients.models import Client, Consent
from clients.queries import consents
from core import audit, crypto, live
from core.files.content import File
from core.files.keeping import content_of
from interactions.actions.leaving import leave_url
from interactions.actions.lines import secrets_of
from interactions.actions.log import Entry, log_interaction
from interactions.actions.receipts import fail
from interactions.actions.tokens import shelf_of
from interactions.channels.known import WAYS
from interactions.channels.mail import message_id
from interactions.channels.outgoing import NotNow, Parcel, Rejected, TooMany, Uncertain
from interactions.models import Attachment, Delivery, Line
from interactions.quiet import quiet_until

log = logging.getLogger(__name__)
State, Exempt = Delivery.State, Delivery.Exempt
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)
STILL_AN_ANSWER = timedelta(hours=48)  # after the client's last word
WHATEVER_THE_HOUR = (Exempt.FRAUD, Exempt.MARGIN_CALL, Exempt.REGULATORY)
CATEGORIES = {"service": "care", "marketing": "offer", "research": "offer", "survey": "care.callback"}


@dataclass(frozen=True)
class Verdict:
    """Whether a delivery may go now; `until` when it only has to wait. reason: a key of REASONS."""

    allowed: bool
    reason: str = ""
    until: datetime | None = None


def verdict(delivery: Delivery, now: datetime) -> Verdict:
    """The rules in their order: what can never go, what always goes, what the client wants, and when."""
    client, contact = delivery.client, delivery.contact
    if client is not None and client.status == Client.Status.DECEASED:
        return Verdict(False, "deceased")
    if contact is not None and contact.bounced_at:
        return Verdict(False, "bounced")
    if told := _files_say(delivery, now):
        return told
    if delivery.exempt in WHATEVER_THE_HOUR or _answers(delivery, now):
        return Verdict(True)
    if reason := _not_wanted(delivery):
        return Verdict(False, reason)
    end = quiet_until(now)
    return Verdict(False, "quiet_hours", end) if end else Verdict(True)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 30 s, 2 min, 8 min ... at most 6 hours."""
    return min(FIRST_PAUSE * 4 ** max(attempts - 1, 0), LONGEST_PAUSE)


def send_due(limit: int = 200) -> int:
    """Sends up to so many messages that are due; returns how many rows were dealt with."""
    away: set[int] = set()
    for done in range(limit):
        taken = _take(away)
        if taken is None:
            return done
        if taken.state == State.SENDING and not _carry(taken):
            away.add(taken.line_id)
    return limit


@transaction.atomic
def _take(away: set[int]) -> Delivery | None:
    """The next row that is due, of a line that is there: being sent now, or put off, or at its end."""
    now = timezone.now()
    due = Delivery.objects.filter(state__in=[State.WAITING, State.SENDING], due_at__lte=now)
    rows = due.exclude(line_id__in=away).select_for_update(skip_locked=True, of=("self",))
    held = rows.select_related("client__branch", "contact", "line__unit", "message__conversation")
    taken = held.order_by("due_at", "id").first()
    if taken is None:
        return None
    told = verdict(taken, now)
    if taken.handed_at is not None:  # whoever handed it over has died since
        fail(delivery=taken, state=State.UNCERTAIN, fault="uncertain")
    elif told.until is not None:
        taken.state, taken.due_at, taken.held_for = State.WAITING, told.until, told.reason
    elif not told.allowed:
        fail(delivery=taken, state=State.SUPPRESSED, fault=told.reason)
    elif taken.attempts >= MOST_ATTEMPTS:
        fail(delivery=taken, state=State.FAILED, fault="attempts")
    else:
        taken.state, taken.due_at, taken.held_for = State.SENDING, now + LEASE, ""
        taken.attempts += 1
    taken.save(update_fields=["state", "due_at", "held_for", "attempts", "fault"])
    return taken


def _carry(taken: Delivery) -> bool:
    """Hands it to the outside; says whether the line was there."""
    carrier = WAYS[taken.line.adapter].carrier
    try:
        if carrier is None or not taken.line.active:
            raise NotNow("The line is switched off.")
        reference = carrier.carry(_parcel(taken), taken.line.settings, secrets_of(taken.line))
    except Rejected as error:
        _note_end(taken, State.FAILED, fault=str(error))
    except Uncertain:
        _note_end(taken, State.UNCERTAIN, fault="uncertain")
    except TooMany as error:
        _put_off(taken, str(error), held_for="too_many")
    except NotNow as error:
        _put_off(taken, str(error))
        return False
    except Exception as error:
        log.exception("a delivery by line %s has to be tried again", taken.line.code)
        _put_off(taken, type(error).__name__, sure=False)
    else:
        _note_end(taken, State.SENT, reference=reference)
    return True


def _parcel(taken: Delivery) -> Parcel:
    opened = {
        name: crypto.unseal(getattr(taken, name), taken.context(name))
        for name in ("recipient", "subject", "body")
    }
    files = _clean_files(taken)
    return Parcel(
        key=str(taken.key), to=opened["recipient"], text=opened["body"], subject=opened["subject"],
        answers=_answered(taken), leave_url=leave_url(taken),
        files=[File(one.name, one.content_type, content_of(one)) for one in files],
        handing=partial(_note_handing, taken), tokens=shelf_of(taken.line),
    )  # fmt: skip


def _clean_files(taken: Delivery) -> list[Attachment]:
    return list(taken.message.attachments.all()) if taken.message else []


def _answered(taken: Delivery) -> list[str]:
    """The mails before it: the first of the thread and the client's last one."""
    if taken.line.adapter != Line.Adapter.EMAIL or taken.message is None:
        return []
    talk = taken.message.conversation
    last = talk.messages.filter(direction="in").order_by("-at", "-id").first()
    before = [talk.thread, last.event_id.removeprefix(f"{taken.line.code}:") if last else ""]
    own = message_id(str(taken.key), taken.line.settings)
    return [name for name in dict.fromkeys(before) if name and name != own]


@transaction.atomic
def _note_end(taken: Delivery, state: str, *, reference: str = "", fault: str = "") -> None:
    held = _still_ours(taken)
    if held is None:
        return
    if state == State.SENT:
        used = Delivery.objects.filter(line=held.line, gateway_ref=reference).exclude(pk=held.pk).exists()
        held.state, held.sent_at, held.fault = state, timezone.now(), ""
        held.gateway_ref = str(held.key) if used else reference
        if held.message is None:
            write_down(held)
    else:
        fail(delivery=held, state=state, fault=fault)
    held.save(update_fields=["state", "sent_at", "gateway_ref", "fault"])
    _tell(held)


@transaction.atomic
def _note_handing(taken: Delivery) -> None:
    """From now on nobody knows whether it went out, until the end is noted."""
    held = _still_ours(taken)
    if held is None:
        raise NotNow("Another worker has it.")
    held.handed_at = timezone.now()
    if held.line.adapter == Line.Adapter.EMAIL:
        held.gateway_ref = message_id(str(held.key), held.line.settings)  # a bounce may come before our note
    held.save(update_fields=["handed_at", "gateway_ref"])


@transaction.atomic
def _put_off(taken: Delivery, fault: str, *, sure: bool = True, held_for: str = "away") -> None:
    """Tries again later; where it is not sure that nothing went out, a person decides."""
    held = _still_ours(taken)
    if held is None:
        return
    if held.handed_at is not None and not sure:
        fail(delivery=held, state=State.UNCERTAIN, fault="uncertain")
    else:
        held.state, held.fault, held.held_for = State.WAITING, fault[:300], held_for
        held.due_at, held.handed_at = timezone.now() + pause(held.attempts), None
    held.save(update_fields=["state", "fault", "held_for", "due_at", "handed_at"])
    _tell(held)


def _still_ours(taken: Delivery) -> Delivery | None:
    """The row, locked; None when the lease was over and another has taken it since."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related(
        "client__branch", "contact", "line__unit", "message__conversation"
    )
    return rows.filter(pk=taken.pk, state=State.SENDING, attempts=taken.attempts).first()


def write_down(held: Delivery) -> None:
    """The log's entry of a message that belongs to no conversation; in the caller's transaction."""
    subject = crypto.unseal(held.subject, held.context("subject"))
    words = subject or crypto.unseal(held.body, held.context("body"))
    now = timezone.now()
    entry = Entry(
        channel=WAYS[held.line.adapter].channel, direction="out", started_at=now, ended_at=now, messages=1,
        category="care.risk" if held.exempt else CATEGORIES[held.purpose], outcome="informed",
        summary=words[:400], subject=subject, conversation=f"delivery:{held.pk}",
    )  # fmt: skip
    log_interaction(actor=audit.SYSTEM, client=held.client, entry=entry, unit=held.line.unit)


def _tell(held: Delivery) -> None:
    if held.message is not None and held.message.conversation.agent_id:
        talk = held.message.conversation
        live.tell(f"person:{talk.agent_id}", "conversation", conversation=talk.pk)


def _files_say(delivery: Delivery, now: datetime) -> Verdict | None:
    states = {one.state for one in _clean_files(delivery)}
    if Attachment.State.REFUSED in states:
        return Verdict(False, "refused_file")
    if Attachment.State.WAITING in states:
        return Verdict(False, "scan", now + timedelta(seconds=15))
    return None


def _answers(delivery: Delivery, now: datetime) -> bool:
    """Whether the client asked a short while ago and waits for this."""
    if delivery.exempt != Exempt.ANSWER or delivery.message is None:
        return False
    asked = delivery.message.conversation.last_in_at
    return asked is not None and now - asked <= STILL_AN_ANSWER


def _not_wanted(delivery: Delivery) -> str:
    """Why the client does not want it, or ''."""
    consent, service = WAYS[delivery.line.adapter].consent, delivery.purpose == Consent.Purpose.SERVICE
    if delivery.contact is not None and delivery.contact.unsubscribed_at and not service:
        return "unsubscribed"
    if not consent:
        return "answers_only"
    if delivery.client is None:
        return "" if service else "consent"
    if consents.stop_in_force(delivery.client) is not None:
        return "do_not_contact"
    return "" if consents.cell(delivery.client, consent, delivery.purpose).allowed else "consent"
