"""Opening a case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import clocks, sealing, telling, trail
from cases.actions.answers import checked_answers
from cases.models import Case, CaseLink, ClockKind, Complaint, TypeVersion
from cases.queries.types import version_of
from clients.models import Client
from core import audit
from core.errors import Conflict
from interactions.models import Channel, Conversation, Interaction
from staff.models import Person, Unit
from trading.business_time import SHANGHAI

LONGEST_SUBJECT, LONGEST_TEXT = 200, 4000


@transaction.atomic
def open_case(
    *, actor: audit.Actor, client: Client | None, kind: str, subject: str, text: str, channel: str = "",
    unit: Unit | None = None, source: Interaction | None = None, conversation: Conversation | None = None,
    owner: Person | None = None, fields: Mapping[str, Any] | None = None, key: str = "",
    opened_at: datetime | None = None,
) -> Case:  # fmt: skip
    """Opens a case of the type `kind` (a code such as service_request or complaint) and starts its clocks.

    Without a client, unit, conversation or source say where it came from. fields: answers by the key of the
    type's form. key: opened once however often asked. The first receiver keeps a complaint: without an owner
    it is the actor's. opened_at: earlier than now for what is taken over. Raises ValidationError by field.
    """
    before = Case.objects.filter(open_key=key).first() if key else None
    if before is not None:
        return before
    version = _known(kind)
    place = _place(client, unit, conversation, source)
    _check(subject, text, channel)
    at = opened_at or timezone.now()
    person = actor if isinstance(actor, Person) else None
    case = Case(
        open_key=key or None, type=version.type, type_version=version, is_complaint=version.type.is_complaint,
        client=client, contact=_contact(conversation, source), unit=place, subject=subject.strip(),
        channel=channel or _channel(conversation, source), tier=_tier(client), state_since=at, opened_at=at,
        opened_by=actor.actor_name, received_by=person or owner,
        owner=owner or (person if version.type.is_complaint else None),
    )  # fmt: skip
    sealing.put(case, text=text, answers=checked_answers(version, fields or {}, client))
    before = _written(case)
    if before is not None:
        return before
    _link(case, conversation, source, actor)
    if case.is_complaint:
        Complaint.objects.create(case=case, received_on=at.astimezone(SHANGHAI).date())
    _start(case, at, conversation)
    trail.note(actor=actor, case=case, kind="opened", type=kind, owner=owner.username if owner else "")
    telling.given(case, actor)
    return case


def _written(case: Case) -> Case | None:
    """Writes the new case; the one that somebody else opened under its key just now, where there is one."""
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        before = Case.objects.filter(open_key=case.open_key).first() if case.open_key else None
        if before is None:
            raise
        return before
    return None


def _start(case: Case, at: datetime, conversation: Conversation | None) -> None:
    """The first answer to a call is given when the call is answered, not when the case is written."""
    if conversation is None:
        clocks.begin(case, at)
        return
    heard = conversation.queued_at or conversation.opened_at
    clocks.begin(case, at, heard_at=min(heard, at))
    if conversation.answered_at:
        clocks.stop(case, [ClockKind.FIRST_RESPONSE], min(conversation.answered_at, at))


def _known(kind: str) -> TypeVersion:
    version = version_of(kind)
    if version is None:
        raise ValidationError({"kind": _("There is no such type of case in use.")})
    return version


def _place(
    client: Client | None, unit: Unit | None, conversation: Conversation | None, source: Interaction | None
) -> Unit:
    """Where the case belongs: the client's branch, else the unit named, else where the contact came in."""
    places = (
        client.branch if client else unit,
        conversation.unit if conversation else None,
        source.unit if source else None,
    )
    for place in places:
        if place is not None:
            return place
    raise ValidationError({"client": _("Name the client, or the unit where the contact came in.")})


def _contact(conversation: Conversation | None, source: Interaction | None) -> Any:
    return (conversation.contact if conversation else None) or (source.contact if source else None)


def _channel(conversation: Conversation | None, source: Interaction | None) -> str:
    told = conversation or source
    return told.channel if told else ""


def _tier(client: Client | None) -> str:
    standing = getattr(client, "standing", None)
    return (standing.tier or "") if standing else ""


def _check(subject: str, text: str, channel: str) -> None:
    faults = {}
    if not 0 < len(subject.strip()) <= LONGEST_SUBJECT:
        faults["subject"] = _("1 to %(most)s characters.") % {"most": LONGEST_SUBJECT}
    if len(text.strip()) > LONGEST_TEXT:
        faults["text"] = _("At most %(most)s characters.") % {"most": LONGEST_TEXT}
    if channel and channel not in Channel.values:
        faults["channel"] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Channel.values)}
    if faults:
        raise ValidationError(faults)


def _link(
    case: Case, conversation: Conversation | None, source: Interaction | None, actor: audit.Actor
) -> None:
    if conversation is not None:
        CaseLink.objects.create(case=case, conversation=conversation, linked_by=actor.actor_name)
    if source is not None:
        CaseLink.objects.create(case=case, interaction=source, linked_by=actor.actor_name)


@transaction.atomic
def link_conversation(*, actor: audit.Actor, case: Case, conversation: Conversation) -> None:
    """A further conversation belongs to the case; linked twice it stays as it is."""
    _new, fresh = CaseLink.objects.get_or_create(
        case=case, conversation=conversation, defaults={"linked_by": actor.actor_name}
    )
    if fresh:
        trail.note(actor=actor, case=case, kind="linked", conversation=conversation.pk)


@transaction.atomic
def name_client(*, actor: audit.Actor, case: Case, client: Client) -> Case:
    """It turned out whose case it is. Raises Conflict when it has a client already."""
    held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if held.client_id is not None:
        raise Conflict(_("The case has its client already."))
    held.client, held.unit, held.tier = client, client.branch, _tier(client)
    held.version += 1
    held.save(update_fields=["client", "unit", "tier", "version"])
    trail.note(actor=actor, case=held, kind="client_named", client=client.client_no)
    return held
