"""Deeds on the interaction log: write an entry, supersede one. Nothing is changed or deleted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions.unanswered import heard_from
from clients.models import Client
from core import audit
from core.runs import last_finished
from interactions.models import Category, Channel, Contact, Conversation, Interaction
from staff.models import Person, Unit
from trading.models import StaleMark

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_MINUTES = Decimal(24 * 60)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What somebody tells of one contact. minutes left out are taken from started_at and ended_at.

    steps: of the checklist, as actions.checklist keeps them.
    """

    channel: str
    direction: str
    category: str
    summary: str
    started_at: datetime
    ended_at: datetime | None = None
    minutes: Decimal | None = None
    messages: int = 0
    subject: str = ""
    outcome: str = Interaction.Outcome.RESOLVED
    follow_up_on: date | None = None
    satisfaction: int | None = None
    conversation: str = ""
    reference: str = ""
    confidentiality: str = Interaction.Confidentiality.NORMAL
    steps: Mapping[str, Any] = field(default_factory=dict)


Told = tuple[Client, Person | None, Entry]  # whom it was with, who spoke for us, what was told


@transaction.atomic
def log_interaction(
    *,
    actor: audit.Actor,
    client: Client | None,
    entry: Entry,
    agent: Person | None = None,
    supersedes: Interaction | None = None,
    contact: Contact | None = None,
    unit: Unit | None = None,
) -> Interaction:
    """Writes one entry and its audit row; raises ValidationError by field for what does not fit.

    Without a client, `unit` says where the contact came in; the entry belongs there until it is linked.
    """
    columns = _columns(entry, _categories_in_use(supersedes))
    place = client.branch if client else unit
    if place is None:
        raise ValidationError({"client": _("Name the client, or the unit where the contact came in.")})
    written = Interaction.objects.create(
        client=client, contact=contact, unit=None if client else unit, agent=agent, supersedes=supersedes,
        recorded_by=actor.actor_name, **columns,
    )  # fmt: skip
    _mark_stale([written])
    _end_unanswered([written])
    audit.record(
        actor=actor,
        deed="interaction.corrected" if supersedes else "interaction.logged",
        subject_type="interaction",
        subject_id=written.pk,
        unit_code=place.code,
        client_id=client.pk if client else None,
        detail={"channel": entry.channel, "supersedes": supersedes.pk if supersedes else None},
    )
    return written


@transaction.atomic
def log_interactions(*, actor: audit.Actor, rows: Sequence[Told]) -> list[Interaction]:
    """Writes many entries together, each with its audit row, as `log_interaction` writes one; all or none.

    Raises ValidationError by place and field ("3.summary") for what does not fit.
    """
    written = _write_all(actor, rows)
    audit.record_many(
        actor=actor,
        deed="interaction.logged",
        subjects=[
            audit.Subject("interaction", one.pk, client.branch.code, client.pk, {"channel": one.channel})
            for one, (client, _agent, _entry) in zip(written, rows, strict=True)
        ],
    )
    return written


@transaction.atomic
def import_interactions(*, actor: audit.Actor, rows: Iterable[Told], source: str) -> int:
    """Takes over entries that were kept elsewhere, with one audit row for all; returns how many.

    Raises ValidationError by place and field when one does not fit; then none is taken over.
    """
    written = _write_all(actor, rows)
    audit.record(
        actor=actor,
        deed="interaction.imported",
        subject_type="interaction",
        subject_id=source,
        detail={"entries": len(written)},
    )
    return len(written)


def _write_all(actor: audit.Actor, rows: Iterable[Told]) -> list[Interaction]:
    categories = _categories_in_use()
    written, faults = [], dict[str, Any]()
    for place, (client, agent, entry) in enumerate(rows):
        try:
            columns = _columns(entry, categories)
        except ValidationError as error:
            faults |= {f"{place}.{name}": words for name, words in error.message_dict.items()}
        else:
            written.append(Interaction(client=client, agent=agent, recorded_by=actor.actor_name, **columns))
    if faults:
        raise ValidationError(faults)
    Interaction.objects.bulk_create(written, batch_size=1000)
    _mark_stale(written)
    _end_unanswered(written)
    return written


@transaction.atomic
def correct_interaction(
    *, actor: audit.Actor, original: Interaction, entry: Entry, client: Client | None = None
) -> Interaction:
    """Supersedes an entry that is in force by a corrected one of the same agent, of `client` when named."""
    try:
        with transaction.atomic():
            corrected = log_interaction(
                actor=actor, client=client or original.client, entry=entry, agent=original.agent,
                supersedes=original, contact=original.contact, unit=original.unit,
            )  # fmt: skip
    except IntegrityError as error:
        raise ValidationError(_("This entry has been corrected already; correct the newer one.")) from error
    _mark_stale([original])
    Conversation.objects.filter(entry=original).update(entry=corrected)
    return corrected


def _end_unanswered(written: Sequence[Interaction]) -> None:
    """Whoever spoke with us is no longer somebody whom nobody reaches."""
    reached = [one.client_id for one in written if one.outcome != Interaction.Outcome.NOT_REACHED]
    if ids := [client_id for client_id in reached if client_id is not None]:
        heard_from(ids)


def as_told(entry: Interaction) -> Entry:
    """What an entry says, for another one that is to take its place."""
    names = {one.name for one in fields(Entry)} - {"category"}
    told = {name: getattr(entry, name) for name in names}
    return Entry(category=entry.category.code, **told)


def _categories_in_use(supersedes: Interaction | None = None) -> dict[str, Category]:
    """By code; a correction may keep the category of what it supersedes, though that has retired since."""
    found = {category.code: category for category in Category.objects.filter(retired_on__isnull=True)}
    return found | ({supersedes.category.code: supersedes.category} if supersedes else {})


def _columns(entry: Entry, categories: dict[str, Category]) -> dict[str, Any]:
    _check(entry, categories)
    return {
        "channel": entry.channel,
        "direction": entry.direction,
        "category": categories[entry.category],
        "summary": entry.summary.strip(),
        "started_at": entry.started_at,
        "started_on": entry.started_at.astimezone(SHANGHAI).date(),
        "ended_at": entry.ended_at,
        "minutes": _minutes(entry),
        "messages": entry.messages,
        "subject": entry.subject.strip(),
        "outcome": entry.outcome,
        "follow_up_on": entry.follow_up_on,
        "satisfaction": entry.satisfaction,
        "conversation": entry.conversation,
        "reference": entry.reference,
        "confidentiality": entry.confidentiality,
        "steps": dict(entry.steps),
    }


def _minutes(entry: Entry) -> Decimal:
    if entry.minutes is not None:
        return entry.minutes
    if entry.ended_at is None:
        return Decimal(0)
    seconds = Decimal((entry.ended_at - entry.started_at).total_seconds())
    return (seconds / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _check(entry: Entry, categories: dict[str, Category]) -> None:
    faults: dict[str, str] = {}
    if entry.channel not in Channel.values:
        faults["channel"] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Channel.values)}
    if entry.direction not in Interaction.Direction.values:
        faults["direction"] = _("Say in (client contacted us) or out (we contacted the client).")
    if entry.outcome not in Interaction.Outcome.values:
        faults["outcome"] = _("Choose one of: %(choices)s.") % {
            "choices": ", ".join(Interaction.Outcome.values)
        }
    if entry.category not in categories:
        faults["category"] = _("There is no such category in use.")
    if not entry.summary.strip():
        faults["summary"] = _("Write at least a few words on what was said.")
    if entry.started_at > timezone.now():
        faults["started_at"] = _("The contact can't lie in the future.")
    if entry.ended_at and entry.ended_at < entry.started_at:
        faults["ended_at"] = _("The end can't be before the start.")
    if not 0 <= _minutes(entry) <= LONGEST_MINUTES:
        faults["minutes"] = _("Minutes must lie between 0 and 1440.")
    if entry.messages < 0:
        faults["messages"] = _("The number of messages can't be negative.")
    if entry.confidentiality not in Interaction.Confidentiality.values:
        faults["confidentiality"] = _("Choose one of: %(choices)s.") % {
            "choices": ", ".join(Interaction.Confidentiality.values)
        }
    if entry.satisfaction is not None and not 1 <= entry.satisfaction <= 5:
        faults["satisfaction"] = _("Satisfaction goes from 1 to 5.")
    if faults:
        raise ValidationError(faults)


def _mark_stale(entries: Sequence[Interaction]) -> None:
    """An entry of a month already closed by the last run makes that month stale for its client."""
    run = last_finished()
    if run is None:
        return
    running = run.as_of.replace(day=1)
    StaleMark.objects.bulk_create(
        StaleMark(client_id=entry.client_id, month=entry.started_on.replace(day=1), told_on=entry.started_on)
        for entry in entries
        if entry.client_id is not None and entry.started_on < running
    )
