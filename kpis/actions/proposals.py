"""Deeds on proposals: written within a draft, accepted or declined by the department, done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.errors import Conflict
from kpis.models import Proposal, Report
from kpis.models.proposals import ROLES
from kpis.queries.proposals import may_answer, owners_of
from kpis.queries.report_people import role_holders
from staff.actions.notices import notify
from staff.models import Person, Unit

KIND = "proposals"  # of notices
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ANSWER, MOST = 120, 4_000, 500, 20
State = Proposal.State


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a proposal says, to whom it goes, and which clients it is about."""

    title: str
    text: str
    unit: Unit
    role: str
    due_on: date
    tiers: Sequence[str] = ()
    cells: Sequence[str] = ()
    flag: str = ""


@transaction.atomic
def write_proposal(
    *, actor: Person, report: Report, told: Told, proposal: Proposal | None = None, version: int = 0
) -> Proposal:
    """A new proposal in a draft report, or another wording of one. Raises ValidationError by field."""
    held = Report.objects.select_for_update().get(pk=report.pk)
    if not held.is_draft:
        raise Conflict(_("The report is not in a state for this. Look at it again."))
    fields = _checked(held, told)
    if proposal is None:
        if held.proposals.count() >= MOST:
            raise Conflict(_("A report holds at most %(most)s proposals.") % {"most": MOST})
        made = Proposal.objects.create(report=held, proposed_by=actor, proposed_at=timezone.now(), **fields)
    else:
        made = _held(proposal, version)
        for name, value in fields.items():
            setattr(made, name, value)
        made.proposed_by, made.proposed_at = actor, timezone.now()
        made.save()
    _note(actor, "proposal.written", made)
    return made


@transaction.atomic
def drop_proposal(*, actor: Person, proposal: Proposal, version: int) -> None:
    """Takes it out of a report that is a draft."""
    report = Report.objects.select_for_update().get(pk=proposal.report_id)
    held = _held(proposal, version)
    if not report.is_draft:
        raise Conflict(_("The report is not in a state for this. Look at it again."))
    _note(actor, "proposal.dropped", held)
    held.delete()


def open_proposals(report: Report) -> None:
    """With the report's release, in its transaction: each is told to whoever has the role at the unit."""
    for proposal in report.proposals.select_related("unit"):
        proposal.state = State.OPEN
        proposal.save(update_fields=["state"])
        text = gettext_noop("Proposal to answer by %(day)s: %(title)s")
        people = role_holders(proposal.role, proposal.unit).values_list("pk", flat=True)
        _tell(proposal, people, text, day=str(proposal.due_on))


@transaction.atomic
def accept(*, actor: Person, proposal: Proposal, version: int, owner: Person, due_on: date) -> Proposal:
    """The department will do it: somebody there owns it, until a day of its own choice."""
    held = _answering(actor, proposal, version)
    if not owners_of(held).filter(pk=owner.pk).exists():
        raise ValidationError({"owner": _("Choose somebody of the unit.")})
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": _("The day lies in the past.")})
    held.owner, held.due_on, held.state = owner, due_on, State.ACCEPTED
    _answer(actor, held)
    if owner.pk != actor.pk:
        _tell(held, [owner.pk], gettext_noop("A proposal is yours to carry out: %(title)s"))
    return held


@transaction.atomic
def decline(*, actor: Person, proposal: Proposal, version: int, why: str) -> Proposal:
    """The department will not do it, and says why."""
    held = _answering(actor, proposal, version)
    held.answer, held.state = _reason("why", why), State.DECLINED
    _answer(actor, held)
    return held


@transaction.atomic
def finish(*, actor: Person, proposal: Proposal, version: int, note: str) -> Proposal:
    """It is done, and what was done; the owner says so, or whoever may answer. Measured on for a year."""
    held = _held(proposal, version)
    if held.owner_id != actor.pk and not may_answer(actor, held):
        raise PermissionDenied
    _wanted(held, State.ACCEPTED)
    held.done_note = _reason("note", note)
    held.state, held.done_by, held.done_at = State.DONE, actor, timezone.now()
    held.save(update_fields=["state", "done_by", "done_at", "done_note"])
    _note(actor, "proposal.done", held)
    _tell(held, [held.proposed_by_id], gettext_noop("Done: %(title)s"))
    return held


def _answering(actor: Person, proposal: Proposal, version: int) -> Proposal:
    held = _held(proposal, version)
    if not may_answer(actor, held):
        raise PermissionDenied
    _wanted(held, State.OPEN)
    if held.proposed_by_id == actor.pk:
        raise Conflict(_("Whoever proposed it cannot answer it."), code="four_eyes")
    return held


def _answer(actor: Person, held: Proposal) -> None:
    held.answered_by, held.answered_at = actor, timezone.now()
    held.save(update_fields=["state", "owner", "due_on", "answer", "answered_by", "answered_at"])
    _note(actor, f"proposal.{held.state}", held, answer=held.answer)
    text = {
        State.ACCEPTED: gettext_noop("Accepted: %(title)s"),
        State.DECLINED: gettext_noop("Declined: %(title)s"),
    }[State(held.state)]
    _tell(held, [held.proposed_by_id], text)


def _held(proposal: Proposal, version: int) -> Proposal:
    """The proposal, locked, its version counted on. Raises Conflict when it is another one by now."""
    held = Proposal.objects.select_for_update(of=("self",)).select_related("unit").get(pk=proposal.pk)
    if held.version != version:
        raise Conflict(_("Somebody changed this proposal in the meantime. Look at it again."))
    held.version += 1
    held.save(update_fields=["version"])
    return held


def _wanted(proposal: Proposal, state: str) -> None:
    if proposal.state != state:
        raise Conflict(_("The proposal is not in a state for this. Look at it again."))


def _reason(field: str, text: str) -> str:
    reason = text.replace("\0", "").strip()
    if not 0 < len(reason) <= LONGEST_ANSWER:
        raise ValidationError({field: _("Write 1 to %(most)s characters.") % {"most": LONGEST_ANSWER}})
    return reason


def _checked(report: Report, told: Told) -> dict[str, Any]:
    """The fields as they are kept; raises ValidationError by field."""
    texts = {name: getattr(told, name).replace("\0", "").strip() for name in ("title", "text")}
    faults = {
        name: _("Write 1 to %(most)s characters.") % {"most": most}
        for name, most in (("title", LONGEST_TITLE), ("text", LONGEST_TEXT))
        if not 0 < len(texts[name]) <= most
    }
    if told.due_on <= report.as_of:
        faults["due_on"] = _("The day lies before the end of the report's month.")
    if told.role not in ROLES:
        faults["role"] = _("Choose who answers it.")
    elif not role_holders(told.role, told.unit).exists():
        faults["unit"] = _("Nobody has this role at the unit.")
    if faults:
        raise ValidationError(faults)
    rule = {"tiers": sorted(told.tiers), "cells": sorted(told.cells), "flag": told.flag}
    return {**texts, "unit": told.unit, "role": told.role, "due_on": told.due_on, **rule}


def _note(actor: Person, deed: str, proposal: Proposal, **detail: Any) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="proposal", subject_id=proposal.pk,
        unit_code=proposal.unit.code, detail={"title": proposal.title, **detail},
    )  # fmt: skip


def _tell(proposal: Proposal, people: Any, text: str, **params: str) -> None:
    told = {"title": proposal.title, **params}
    notify(people=people, kind=KIND, text=text, params=told, url=proposal.get_absolute_url())
