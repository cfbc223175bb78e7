"""Working on a case: who has it, where it stands, what is written, what was done."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import clocks, sealing, telling, trail
from cases.actions.answers import checked_answers
from cases.actions.asking import ask_how_it_was
from cases.models import TRANSITIONS, Case, CaseNote, ClockKind, State, Watcher
from cases.queries.reach import may_lead, may_own
from core import audit, crypto
from core.errors import Conflict, Stale
from interactions.models import Delivery
from staff.models import Person

Kind = CaseNote.Kind
LONGEST_NOTE = 4000
# What a note of this kind means that the clock waited for.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    Kind.NOTE: (),
    Kind.REPLY: (ClockKind.FIRST_RESPONSE, ClockKind.ACKNOWLEDGE),
    Kind.ACKNOWLEDGED: (ClockKind.FIRST_RESPONSE, ClockKind.ACKNOWLEDGE),
    Kind.CONTACT: (ClockKind.FIRST_RESPONSE, ClockKind.ACKNOWLEDGE, ClockKind.CONTACT),
}


def held(case: Case, version: int | None = None) -> Case:
    """The case, locked. Raises Stale when it is another version by now, Conflict when it joined another."""
    rows = Case.objects.select_for_update(of=("self",)).select_related(
        "type_version", "type", "unit", "client"
    )
    found = rows.get(pk=case.pk)
    if version is not None and found.version != version:
        raise Stale(_("Somebody changed this case in the meantime. Look at it again."))
    if found.merged_into_id is not None:
        raise Conflict(_("This case was joined with another one; go on there."))
    return found


@transaction.atomic
def change_state(
    *, actor: audit.Actor, case: Case, state: str, result: str = "", version: int | None = None
) -> Case:
    """Moves the case along TRANSITIONS. result: what came out, asked for when it is resolved.

    Raises Conflict for other ways, ValidationError by field, Stale.
    """
    found = held(case, version)
    if state not in TRANSITIONS[found.state]:
        raise Conflict(_("A case cannot go from %(old)s to %(new)s.") % {
            "old": found.get_state_display(), "new": dict(State.choices).get(State(state), state)
        }, code="transition")  # fmt: skip
    if state == State.RESOLVED:
        _check_resolved(found, result)
    before, found.state = found.state, state
    _enter(found, before, result)
    found.version += 1
    found.save()
    trail.note(actor=actor, case=found, kind="state_changed", old=before, new=state)
    telling.moved(found, actor)
    if state == State.CLOSED:
        ask_how_it_was(found)
    return found


def _enter(case: Case, before: str, result: str) -> None:
    """Times and clocks of the new state."""
    now = timezone.now()
    case.state_since = now
    case.resolved_at = (case.resolved_at or now) if case.is_done else None
    case.closed_at = now if case.state == State.CLOSED else None
    if case.state == State.RESOLVED:
        sealing.put(case, result=result)
        clocks.stop(case, (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION, ClockKind.HARD_STOP), now)
    if case.state == State.REOPENED:
        clocks.begin_again(case, now)
    if case.state == State.WAITING_CLIENT:
        clocks.pause(case, now)
    elif before == State.WAITING_CLIENT:
        clocks.go_on(case, now)


def _check_resolved(case: Case, result: str) -> None:
    if not result.strip():
        raise ValidationError({"result": _("Say in a few words what came out.")})
    if len(result.strip()) > LONGEST_NOTE:
        raise ValidationError({"result": _("At most %(most)s characters.") % {"most": LONGEST_NOTE}})
    missing = [one for one in case.type_version.steps if one["required"] and one["key"] not in case.ticked]
    if missing:
        raise Conflict(_("Steps that must not be missed are not done yet."), code="steps")
    if case.is_complaint and not case.complaint.decisions.exists():
        raise Conflict(_("Decide first whether the complaint is substantiated."), code="undecided")


@transaction.atomic
def take(*, actor: Person, case: Case) -> Case:
    """Whoever takes a case that nobody has owns it and begins to work on it."""
    found = held(case)
    if found.owner_id == actor.pk:
        return found
    if found.owner_id is not None:
        raise Conflict(_("%(name)s has this case.") % {"name": found.owner.name if found.owner else ""})
    return _give(actor, found, actor, "")


@transaction.atomic
def assign(
    *, actor: audit.Actor, case: Case, owner: Person | None, why: str = "", version: int | None = None
) -> Case:
    """Gives the case to somebody, or back to the queue.

    By whoever has it or leads there (cases.assign). The first receiver keeps a complaint: it goes to somebody
    else only with a reason, by somebody who leads. Raises PermissionDenied, Conflict, ValidationError.
    """
    found = held(case, version)
    own = actor.actor_kind == "person" and found.owner_id == actor.actor_id
    leads = may_lead(actor, found)
    if not (own or leads):
        raise PermissionDenied
    if found.is_complaint and found.owner_id is not None and not (leads and why.strip()):
        raise Conflict(
            _("The first receiver keeps a complaint; a lead may pass it on and says why."),
            code="first_receiver",
        )
    if owner is not None and not may_own(owner, found):
        raise ValidationError({"owner": _("This person cannot work on the case.")})
    return _give(actor, found, owner, why)


def _give(actor: audit.Actor, case: Case, owner: Person | None, why: str) -> Case:
    before = case.owner.username if case.owner else ""
    case.owner = owner
    case.version += 1
    case.save(update_fields=["owner", "version"])
    detail = {"old": before, "new": owner.username if owner else "", "why": why.strip()[:300]}
    trail.note(actor=actor, case=case, kind="assigned", **detail)
    if owner is not None and case.state == State.NEW:
        change_state(actor=actor, case=case, state=State.OPEN)
        case.refresh_from_db()
    telling.given(case, actor)
    return case


@transaction.atomic
def add_note(
    *, actor: audit.Actor, case: Case, text: str, kind: str = Kind.NOTE, delivery: Delivery | None = None
) -> CaseNote:
    """Writes into the case; what was told to the client ends the clocks that waited for it."""
    found = held(case)
    if kind not in Kind.values:
        raise ValidationError(
            {"kind": _("Choose one of: %(choices)s.") % {"choices": ", ".join(Kind.values)}}
        )
    if not 0 < len(text.strip()) <= LONGEST_NOTE:
        raise ValidationError({"text": _("1 to %(most)s characters.") % {"most": LONGEST_NOTE}})
    now, key = timezone.now(), uuid4()
    written = CaseNote(
        key=key, case=found, kind=kind, author=actor if isinstance(actor, Person) else None,
        author_name=actor.actor_name, written_at=now, delivery=delivery,
    )  # fmt: skip
    written.body = crypto.seal(text.strip(), written.context)
    written.save(force_insert=True)
    if ANSWERS[kind]:
        clocks.stop(found, ANSWERS[kind], now)
    trail.note(actor=actor, case=found, kind="noted", note=kind)
    return written


@transaction.atomic
def tick(*, actor: audit.Actor, case: Case, step: str, done: bool) -> Case:
    """Marks a step of the checklist as done, or takes that back; those of the lead only by who leads."""
    found = held(case)
    known = {one["key"]: one for one in found.type_version.steps}
    if step not in known:
        raise ValidationError({"step": _("There is no such step.")})
    if known[step]["who"] == "lead" and not may_lead(actor, found):
        raise PermissionDenied
    ticked = [key for key in known if (key in found.ticked and key != step) or (key == step and done)]
    if ticked == found.ticked:
        return found
    found.ticked = ticked
    found.version += 1
    found.save(update_fields=["ticked", "version"])
    trail.note(actor=actor, case=found, kind="step_done" if done else "step_undone", step=step)
    return found


@transaction.atomic
def edit(
    *, actor: audit.Actor, case: Case, version: int, subject: str, text: str, priority: int,
    fields: Mapping[str, Any],
) -> Case:  # fmt: skip
    """Changes what the case says. Raises Stale when somebody else did meanwhile, ValidationError by field."""
    found = held(case, version)
    if not 0 < len(subject.strip()) <= 200:
        raise ValidationError({"subject": _("1 to %(most)s characters.") % {"most": 200}})
    if priority not in Case.Priority.values:
        raise ValidationError({"priority": _("There is no such priority.")})
    sealing.put(found, text=text, answers=checked_answers(found.type_version, fields, found.client))
    found.subject, found.priority = subject.strip(), priority
    found.version += 1
    found.save()
    trail.note(actor=actor, case=found, kind="edited", priority=priority)
    return found


@transaction.atomic
def watch(*, actor: Person, case: Case, wanted: bool) -> None:
    """The person hears how the case goes on, or no longer."""
    if wanted:
        Watcher.objects.get_or_create(case=case, person=actor)
    else:
        Watcher.objects.filter(case=case, person=actor).delete()
    trail.note(actor=actor, case=case, kind="watched" if wanted else "unwatched")
