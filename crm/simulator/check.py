"""Holds the database against the plan: numbers, and every conversation, message, event and contact."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from core import crypto
from crm.simulator.day import Day
from crm.simulator.plan import THREADED, Count, Met, Standing, contacts
from interactions.models import ChannelEvent, Contact, Conversation, Message

MOST_SHOWN = 20
State = Conversation.State
SINGLE = ("line", "sender")


def differences(day: Day) -> list[str]:
    """What differs, in words; empty when all of it stands as planned. At most a few of each kind."""
    found = [
        differing("conversation", _planned(day), dict(_standing(day))),
        differing("event", _told(day), _kept(day)),
        differing("message", _said(day), _written(day)),
        differing("contact", contacts(day.events()), _met(day)),
    ]
    return [line for kind in found for line in kind]


def counted(day: Day) -> Count:
    """The day's numbers as the database has them."""
    found = Count(events=len(_kept(day)), contacts=len(_met(day)))
    for _key, standing in _standing(day):
        found.add(standing)
    of_day = _conversations(day)
    known = of_day.filter(client__isnull=False).values("contact_id")
    met = Contact.objects.filter(pk__in=of_day.values("contact_id"))
    found.unidentified = met.exclude(pk__in=known).count()
    return found


def differing(kind: str, planned: Mapping[Any, Any], found: Mapping[Any, Any]) -> list[str]:
    """What differs between two tables by key, in words; at most a few, after their number."""
    wrong = [key for key in {*planned, *found} if planned.get(key) != found.get(key)]
    words = [
        f"{kind} {key}: {_change(planned.get(key), found.get(key))}"
        for key in sorted(wrong, key=str)[:MOST_SHOWN]
    ]
    return [f"{len(wrong):,} of {len(planned):,} planned {kind}s differ", *words] if wrong else []


def _change(planned: Any, found: Any) -> str:
    """Only what differs of a conversation; all of anything else."""
    if not (isinstance(planned, Standing) and isinstance(found, Standing)):
        return f"planned {planned}, found {found}"
    names = [one.name for one in fields(Standing) if getattr(planned, one.name) != getattr(found, one.name)]
    return ", ".join(
        f"{name} planned {getattr(planned, name)}, found {getattr(found, name)}" for name in names
    )


def _planned(day: Day) -> dict[tuple[str, str], Standing]:
    return {(one.standing.line, one.name): one.standing for one in day.contacts}


def _events(day: Day) -> Any:
    """The day's events; mail names itself in angle brackets."""
    name = day.asked.name
    return ChannelEvent.objects.filter(line__code__in=day.asked.lines).filter(
        event_id__regex=f"^<?{name}"
    )  # fmt: skip


def _conversations(day: Day) -> Any:
    return Conversation.objects.filter(pk__in=_events(day).values("conversation_id"))


def _standing(day: Day) -> Iterator[tuple[tuple[str, str], Standing]]:
    rows = _conversations(day).select_related("line", "contact", "client", "answered_by").order_by()
    for row in rows.iterator(chunk_size=2000):
        sender = _address(row.contact)
        name = row.thread if row.line.code in THREADED else sender
        yield (row.line.code, name), _read(row, sender)


def _read(row: Conversation, sender: str) -> Standing:
    same = [one.name for one in fields(Standing) if hasattr(row, one.name) and one.name not in SINGLE]
    told = {name: getattr(row, name) for name in same if name not in ("client", "answered_by", "channel")}
    calls = row.channel in ("phone", "visit")
    return Standing(**{
        **told, "line": row.line.code, "sender": sender, "stage": _stage(row, calls),
        "answered_by": row.answered_by.employee_no if row.answered_by else "",
        "client": row.client.client_no if row.client else "",
        "waiting_since": None if calls else row.waiting_since,
    })  # fmt: skip


def _stage(row: Conversation, calls: bool) -> str:
    """In the plan's words, with what the desk makes of it: an answered call waits for its entry or has it."""
    if not calls:
        return "ended" if row.ended_at else "running"
    if row.answered_at is None:
        return "unserved" if row.ended_at and row.state in (State.WAITING, State.CLOSED) else f"? {row.state}"
    wanted = (State.WRAP_UP, State.CLOSED) if row.ended_at else (State.ACTIVE,)
    stage = "served" if row.ended_at else "running"
    in_order = (
        row.agent_id == row.answered_by_id or row.wrapped_at
    )  # a transfer may be told after the wrap-up
    return stage if row.state in wanted and in_order else f"? {row.state}"


def _told(day: Day) -> dict[tuple[str, str], tuple[datetime, str]]:
    return {(one.line, one.event_id): (one.at, "applied") for one in day.events()}


def _kept(day: Day) -> dict[tuple[str, str], tuple[datetime, str]]:
    rows = _events(day).values_list("line__code", "event_id", "occurred_at", "state")
    return {(line, name): (at, state) for line, name, at, state in rows.iterator(chunk_size=5000)}


def _said(day: Day) -> dict[str, tuple[str, datetime, str]]:
    return {
        f"{one.line}:{one.event_id}": (one.direction, one.at, str(one.payload["text"]))
        for one in day.events()
        if one.kind == "message"
    }


def _written(day: Day) -> dict[str, tuple[str, datetime, str]]:
    rows: Iterable[Message] = Message.objects.filter(conversation__in=_conversations(day)).order_by()
    return {row.event_id: (row.direction, row.at, crypto.unseal(row.body, row.context)) for row in rows}


def _met(day: Day) -> dict[tuple[str, str], Met]:
    met = Contact.objects.filter(pk__in=_conversations(day).values("contact_id"))
    return {(one.kind, _address(one)): Met(one.first_seen_at, one.last_seen_at) for one in met}


def _address(contact: Contact | None) -> str:
    return crypto.unseal(contact.address, contact.context) if contact else ""
