"""Deeds on due contacts: put off, hand on, close by hand, open again, log; and what the log closes."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from core import audit, sql
from core.errors import Conflict
from interactions.actions.log import Entry, log_interaction
from outreach.actions.tasks import give_task as write_task
from outreach.models import DueContact, DueState, Task
from outreach.queries.due import reason
from staff.models import Person

LOOKED_BACK = timedelta(days=2)
LONGEST = timedelta(days=92)
LONGEST_REASON = 300
KEPT = ("state", "put_off_until", "owner_id", "handed", "closed_how", "closed_on", "note", "version")
Before = Mapping[int, Mapping[str, Any]]
"""By entry, what stood before a deed: KEPT, with dates as ISO texts; `take_back` puts it there again."""


@transaction.atomic
def put_off(*, actor: audit.Actor, ids: Iterable[int], until: date) -> Before:
    """Out of sight until a day within three months; the due day stays. Gives those that still waited."""
    check_day(until)
    before = _waiting(ids)
    _change(before, state=DueState.PUT_OFF, put_off_until=until)
    _record(actor, "due.put_off", before, {"until": until})
    return before


def check_day(until: date) -> None:
    """Raises ValidationError for a day to which an entry cannot be put off."""
    today = timezone.localdate()
    if not today < until <= today + LONGEST:
        raise ValidationError({"until": _("A day after today, within three months.")})


@transaction.atomic
def hand_to(*, actor: audit.Actor, ids: Iterable[int], person: Person) -> Before:
    """To somebody who sees the client; nights leave it there. Gives those that were handed."""
    waiting = _waiting(ids)
    seen = Client.objects.visible_to(person) if person.may("tasks.work") else Client.objects.none()
    able = set(DueContact.objects.filter(pk__in=waiting, client__in=seen).values_list("pk", flat=True))
    before = {pk: kept for pk, kept in waiting.items() if pk in able}
    _change(before, owner=person, handed=True)
    _record(actor, "due.handed", before, {"to": person.pk})
    return before


@transaction.atomic
def close(*, actor: audit.Actor, ids: Iterable[int], why: str) -> Before:
    """Without a contact in the log, with a reason. Gives those that still waited."""
    if not 1 <= len(why.strip()) <= LONGEST_REASON:
        raise ValidationError({"why": _("Write 1 to %(most)s characters.") % {"most": LONGEST_REASON}})
    before = _waiting(ids)
    _change(
        before, state=DueState.DONE, closed_how=DueContact.Closed.BY_HAND, closed_on=timezone.localdate(),
        put_off_until=None, note=why.strip(),
    )  # fmt: skip
    _record(actor, "due.closed", before, {})
    return before


@transaction.atomic
def reopen(*, actor: audit.Actor, entry: DueContact, version: int) -> None:
    """What was put off or closed by hand waits again. Raises Conflict when it changed since this version."""
    held = DueContact.objects.select_for_update().filter(pk=entry.pk, version=version).first()
    by_hand = held is not None and held.closed_how == DueContact.Closed.BY_HAND
    if held is None or not (by_hand or held.state == DueState.PUT_OFF):
        raise Conflict(_("Somebody worked on it since."))
    _change(
        {held.pk: {}}, state=DueState.OPEN, closed_how="", closed_on=None, put_off_until=None, note=""
    )  # fmt: skip
    _record(actor, "due.reopened", {held.pk: {}}, {})


@transaction.atomic
def take_back(*, actor: audit.Actor, before: Before) -> set[int]:
    """Puts entries back as they were before a deed; gives those that stay: somebody worked on them since."""
    rows = DueContact.objects.select_for_update().filter(pk__in=list(before)).order_by("pk")
    back = [row for row in rows if row.version == before[row.pk]["version"] + 1]
    for row in back:
        for name in KEPT:
            setattr(row, name, _value(name, before[row.pk][name]))
        row.version += 2  # a version is never had twice
    DueContact.objects.bulk_update(back, KEPT)
    _record(actor, "due.taken_back", {row.pk: {} for row in back}, {})
    return set(before) - {row.pk for row in back}


@transaction.atomic
def log_contact(*, actor: Person, entry: DueContact, told: Entry) -> bool:
    """Writes the contact into the log; whether that closed the entry. Raises ValidationError by field."""
    log_interaction(actor=actor, client=entry.client, entry=told, agent=actor)
    close_contacted(client_id=entry.client_id)
    entry.refresh_from_db()
    return entry.state == DueState.DONE


@transaction.atomic
def give_task(*, actor: Person, entry: DueContact) -> Task:
    """A task of one's own out of an entry: its list and reason, by its day but not before today; once."""
    due_on = max(entry.due_on, timezone.localdate())
    return write_task(
        actor=actor, client=entry.client, assignee=actor, title=str(entry.get_list_display()),
        note=reason(entry), due_at=due_on, key=f"due:{entry.pk}:{actor.pk}",
    )  # fmt: skip


def close_contacted(now: datetime | None = None, *, client_id: int | None = None) -> int:
    """Closes entries whose client, or this one, a person contacted in the last days; returns how many."""
    since = (now or timezone.now()) - LOOKED_BACK
    return sql.run("outreach", "due_contacted", {"since_at": since, "client_id": client_id})


def _waiting(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Those that still wait, locked, with what stands there now."""
    rows = DueContact.objects.select_for_update().waiting()
    found = rows.filter(pk__in=list(ids)).order_by("pk").values("pk", *KEPT)
    return {row.pop("pk"): {name: _plain(value) for name, value in row.items()} for row in found}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, kept: Any) -> Any:
    return date.fromisoformat(kept) if kept and name in ("put_off_until", "closed_on") else kept


def _change(before: Before, **values: Any) -> None:
    DueContact.objects.filter(pk__in=list(before)).update(**values, version=F("version") + 1)


def _record(actor: audit.Actor, deed: str, taken: Before, detail: dict[str, object]) -> None:
    if taken:
        audit.record(
            actor=actor, deed=deed, subject_type="due_contact", subject_id=min(taken),
            detail={**detail, "entries": sorted(taken)},
        )  # fmt: skip
