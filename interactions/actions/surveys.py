"""Asking a client how it was, and taking the answer in.

The question is a message like others (purpose survey): consent, do not contact and quiet hours are looked at
when it is sent. The answer to a conversation is an event of it, as a switchboard's rating is, so that figures
count it once and the entry in the log learns of it however late it comes.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from clients.models import Client, Consent
from core import audit, crypto
from core.errors import Conflict
from interactions.actions import deliveries
from interactions.actions.arrival import keep_event
from interactions.actions.bearing import bear
from interactions.actions.leaving import leave_by_link
from interactions.channels import Envelope
from interactions.channels.known import WAYS
from interactions.models import Contact, Conversation, Delivery, Interaction, Line, Survey, SurveyKind
from interactions.models import SurveyRule as Rule
from interactions.queries.contacts import recipient
from interactions.queries.surveys import asked_lately, rule_for, token_index

LOCK = 20_260_162  # pg advisory lock, with the client: one question at a time
LONGEST_COMMENT = 500
OTHER_WAYS = (Line.Adapter.SMS, Line.Adapter.EMAIL)  # where the line itself carries no messages, best first


@transaction.atomic
def ask(
    *, client: Client, kind: str, about: str, line: Line | None = None, key: str,
    conversation: Conversation | None = None,
) -> Survey | None:  # fmt: skip
    """Asks the client, where a rule wants it; None when nobody is asked.

    line: by which what it is about came; the question goes out there or, where that carries no messages, by
    SMS or mail. The same key again asks nothing new. Never raises for want of an address.
    """
    _one_at_a_time(client)
    told_before = Survey.objects.filter(ask_key=key).first()
    if told_before is not None:
        return told_before
    way = _way_out(client, line, conversation.contact if conversation else None)
    if way is None:
        return None
    category = conversation.category if conversation else None
    rule = rule_for(kind=kind, line=line or way[0], category=category)
    now = timezone.now()
    if rule is None or not _drawn(key, rule.share) or asked_lately(client, days=rule.quiet_days, now=now):
        return None
    return _asked(client, kind, about, way, key, conversation, rule, now)


def ask_after(*, conversation: Conversation) -> Survey | None:
    """After the wrap-up of what a client began and somebody answered; not of what is confidential.

    Whoever gave marks already, such as at the end of a call, is not asked for them again.
    """
    entry = conversation.entry
    open_to_all = entry is not None and entry.confidentiality == Interaction.Confidentiality.NORMAL
    served = conversation.direction == "in" and conversation.answered_at is not None
    if conversation.client is None or not (open_to_all and served) or conversation.satisfaction is not None:
        return None
    name = f"conversation:{conversation.pk}"
    return ask(
        client=conversation.client, kind=SurveyKind.CONVERSATION, about=name, line=conversation.line,
        key=name, conversation=conversation,
    )  # fmt: skip


@transaction.atomic
def answer(*, survey: Survey, satisfaction: int, recommend: int | None = None, comment: str = "") -> Survey:
    """Takes the answer in, once. Raises Conflict when it was answered or is over, and ValidationError."""
    held = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if not held.is_open:
        raise Conflict(_("This was answered already, or its time is over."))
    _check(satisfaction, recommend, comment)
    held.answered_at, held.satisfaction, held.recommend = timezone.now(), satisfaction, recommend
    held.comment = crypto.seal(comment.strip(), held.context) if comment.strip() else None
    held.save(update_fields=["answered_at", "satisfaction", "recommend", "comment"])
    if held.conversation is not None:
        _tell(held.conversation, held)
    _note("survey.answered", held)
    return held


def refuse(*, survey: Survey) -> None:
    """The client wants no more of it: the consent for surveys on this channel is withdrawn."""
    leave_by_link(delivery=survey.delivery)


def _one_at_a_time(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, client.pk % 2**31])


def _way_out(
    client: Client, line: Line | None, contact: Contact | None
) -> tuple[Line, Contact | None] | None:
    """By which line, and to which contact; None where there is no address. Without one: the client's own."""
    if line is not None and _carries(line):
        if contact is not None and contact.kind == WAYS[line.adapter].contact:
            return line, contact
        if recipient(WAYS[line.adapter].contact, client):
            return line, None
    others = Line.objects.filter(active=True, adapter__in=OTHER_WAYS).order_by("code")
    for other in sorted(others, key=lambda one: OTHER_WAYS.index(Line.Adapter(one.adapter))):
        if recipient(WAYS[other.adapter].contact, client):
            return other, None
    return None


def _carries(line: Line) -> bool:
    """Whether messages go out by it that are no answers."""
    way = WAYS[line.adapter]
    return line.active and way.carrier is not None and bool(way.consent)


def _drawn(key: str, share: int) -> bool:
    """Whether the lot falls on it; the same key has the same lot."""
    return int.from_bytes(sha256(key.encode()).digest()[:8], "big") % 100 < share


def _asked(
    client: Client, kind: str, about: str, way: tuple[Line, Contact | None], key: str,
    conversation: Conversation | None, rule: Rule, now: datetime,
) -> Survey:  # fmt: skip
    token, name = secrets.token_urlsafe(32), uuid4()
    made = Survey(
        key=name, ask_key=key, kind=kind, about=about, rule=rule, client=client, conversation=conversation,
        line=way[0], token_index=token_index(token), asked_at=now,
        expires_at=now + timedelta(days=rule.valid_days),
    )  # fmt: skip
    made.delivery = _ordered(client, way, made, token)
    made.save(force_insert=True)
    _note("survey.asked", made)
    return made


def _ordered(client: Client, way: tuple[Line, Contact | None], made: Survey, token: str) -> Delivery:
    """The message with the link, in the words of the house's first language."""
    line, contact = way
    with override(settings.LANGUAGE_CODE):
        link = f"{settings.PUBLIC_URL}{reverse('survey', args=[token])}"
        told = {"link": link, "days": made.rule.valid_days}
        text = _("Hello, how did you like our service? One minute is enough: %(link)s (for %(days)s days)")
        subject = _("How did you like our service?")
        return deliveries.order(
            actor=audit.SYSTEM, line=line, client=client, text=text % told, subject=subject,
            purpose=Consent.Purpose.SURVEY, key=made.key, contact=contact,
        )  # fmt: skip


def _check(satisfaction: int, recommend: int | None, comment: str) -> None:
    faults: dict[str, str] = {}
    if not 1 <= satisfaction <= 5:
        faults["satisfaction"] = _("Satisfaction goes from 1 to 5.")
    if recommend is not None and not 0 <= recommend <= 10:
        faults["recommend"] = _("A whole number from 0 to %(most)s.") % {"most": 10}
    if len(comment.strip()) > LONGEST_COMMENT:
        faults["comment"] = _("At most %(most)s characters.") % {"most": LONGEST_COMMENT}
    if faults:
        raise ValidationError(faults)


def _tell(conversation: Conversation, answered: Survey) -> None:
    """The answer as an event of the conversation, from which its facts follow."""
    assert answered.answered_at is not None
    marks = {"satisfaction": answered.satisfaction, "recommend": answered.recommend}
    envelope = Envelope(
        event_id=f"survey:{answered.key}", kind="rating", occurred_at=answered.answered_at,
        thread=conversation.thread, payload={name: mark for name, mark in marks.items() if mark is not None},
    )  # fmt: skip
    event_pk = keep_event(conversation.line, envelope)
    if event_pk is not None:
        bear(line=conversation.line, event_pk=event_pk, envelope=envelope)


def _note(deed: str, survey: Survey) -> None:
    """Marks and words are not in the detail."""
    audit.record(
        actor=audit.SYSTEM, deed=deed, subject_type="survey", subject_id=survey.pk,
        unit_code=survey.client.branch.code, client_id=survey.client_id,
        detail={"kind": survey.kind, "about": survey.about, "line": survey.line.code},
    )  # fmt: skip
