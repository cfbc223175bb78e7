"""Deeds of calling back: taking a client, keeping what is typed, how the call went, putting it back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.cases import open_case
from cases.models import Case
from core import audit, crypto
from core.errors import Conflict
from interactions.actions.log import Entry, log_interaction
from interactions.models import Channel, Interaction
from outreach import questions
from outreach.models import Callback, CallbackTry
from outreach.moments import SHANGHAI, day_of
from outreach.queries.callbacks import free_for, hindrance, in_reach, of_caller
from staff.models import Person

REACHED = "reached"
OUTCOMES = (REACHED, "exception", "no_answer", "refused", "later")
LONGEST_NOTE, LONGEST_CALL, LATEST = 1000, timedelta(minutes=30), timedelta(days=14)
NOON = time(13)
Outcome, State = CallbackTry.Outcome, Callback.State


@dataclass(frozen=True, kw_only=True)
class Told:
    """How a call went: one of OUTCOMES, with answers by question, why nobody answered, when to call again.

    reached: the answers decide whether it passed. exception: something has to be cleared up whatever the
    answers say; the note tells what.
    """

    outcome: str
    answers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    reason: str = ""
    again_at: datetime | None = None


@transaction.atomic
def take_next(*, actor: Person, kind: str = "", now: datetime | None = None) -> Callback | None:
    """The callback that the person has in hand, else the most urgent one that nobody has; None without any.

    Never of a client whom the person manages, and never one that somebody else takes at the same moment.
    """
    now = now or timezone.now()
    _hold(actor)
    mine = of_caller(actor).first()
    _let_go(actor, mine)
    if mine is not None:
        return mine
    free = free_for(actor, now, kind).select_related("client")
    row = free.select_for_update(of=("self",), skip_locked=True).order_by("due_on", "id").first()
    return _give(row, actor, now) if row else None


@transaction.atomic
def take(*, actor: Person, callback: Callback, now: datetime | None = None) -> Callback:
    """This one; what the person had in hand is put back. Raises Conflict with why it can't be."""
    now = now or timezone.now()
    _hold(actor)
    rows = in_reach(actor).select_for_update(of=("self",)).select_related("client", "programme")
    row = rows.get(pk=callback.pk)
    if why := hindrance(row, actor, now):
        raise Conflict(why)
    _let_go(actor, row)
    return _give(row, actor, now)


@transaction.atomic
def put_back(*, actor: Person, callback: Callback) -> None:
    """Somebody else may take it; what was typed stays. Raises Conflict when it isn't the actor's."""
    row = _in_hand(actor, callback)
    row.caller, row.caller_no, row.taken_at = None, "", None
    row.save(update_fields=["caller", "caller_no", "taken_at"])


@transaction.atomic
def keep_draft(*, actor: Person, callback: Callback, answers: Mapping[str, str], note: str) -> None:
    """Keeps what is typed so far, complete or not; unknown questions and answers that don't fit are left out.

    Raises Conflict when it isn't the actor's any more.
    """
    row = _in_hand(actor, callback)
    wrong = questions.faults(row.programme.questions, answers, complete=False)
    seal(row, {key: value for key, value in answers.items() if key not in wrong}, note[:LONGEST_NOTE])
    row.save(update_fields=["answers"])


@transaction.atomic
def settle(*, actor: Person, callback: Callback, told: Told, now: datetime | None = None) -> Callback:
    """How the call went: an entry of the log, and a case for an exception.

    Without an answer it is free again on the next day at another time, and after the programme's number of
    attempts unreachable. Raises Conflict when the callback isn't the actor's any more or the actor manages
    the client by now, ValidationError by field.
    """
    now = now or timezone.now()
    row = _in_hand(actor, callback)
    if row.client.manager_no == actor.employee_no:
        raise Conflict(_("You manage this client by now; somebody else has to call."))
    _check(row, told, now)
    outcome = _verdict(row, told)
    seal(row, told.answers, told.note)
    entry = _logged(actor, row, outcome, told, now)
    CallbackTry.objects.create(
        callback=row,
        on_day=day_of(now),
        at=now,
        outcome=outcome,
        reason=told.reason,
        entry=entry,
        caller=actor,
    )
    if outcome == Outcome.EXCEPTION:
        row.case = _case(actor, row, told, entry)
    _move_on(row, outcome, told, now)
    row.save()
    _note(actor, row, outcome)
    return row


def seal(row: Callback, answers: Mapping[str, str], note: str) -> None:
    """Sets the sealed answers; the caller saves."""
    known = {one["key"] for one in row.programme.questions}
    kept = {key: value.strip() for key, value in answers.items() if key in known and value.strip()}
    content = json.dumps({"answers": kept, "note": note.strip()}, ensure_ascii=False)
    row.answers = crypto.seal(content, row.context)


def _hold(actor: Person) -> None:
    """One person's wishes one after the other, so that nobody has two in hand."""
    Person.objects.select_for_update(no_key=True).get(pk=actor.pk)


def _let_go(actor: Person, kept: Callback | None) -> None:
    """What the person had in hand beside `kept` is anybody's again."""
    rows = Callback.objects.filter(state=State.OPEN, caller_id=actor.pk).exclude(pk=kept.pk if kept else 0)
    rows.update(caller=None, caller_no="", taken_at=None)


def _give(row: Callback, actor: Person, now: datetime) -> Callback:
    row.caller, row.caller_no, row.manager_no = actor, actor.employee_no, row.client.manager_no
    row.taken_at = now
    row.save(update_fields=["caller", "caller_no", "manager_no", "taken_at"])
    return row


def _in_hand(actor: Person, callback: Callback) -> Callback:
    rows = Callback.objects.select_for_update(of=("self",)).select_related("client__branch", "programme")
    row = rows.get(pk=callback.pk)
    if not row.is_open or row.caller_id != actor.pk:
        raise Conflict(_("This callback isn't yours any more. Take the next one."))
    return row


def _check(row: Callback, told: Told, now: datetime) -> None:
    faults: dict[str, str] = {}
    if told.outcome not in OUTCOMES:
        faults["outcome"] = _("Choose how the call went.")
    complete = told.outcome == REACHED
    wrong = questions.faults(row.programme.questions, told.answers, complete=complete)
    faults |= {f"question_{key}": words for key, words in wrong.items()}
    if told.outcome in ("exception", "refused") and not told.note.strip():
        faults["note"] = _("Write what the client said.")
    if (told.outcome == Outcome.NO_ANSWER) != (told.reason in CallbackTry.Reason.values):
        faults["reason"] = _("Say why nobody was reached, and only then.")
    if told.outcome == Outcome.LATER and not (told.again_at and now < told.again_at < now + LATEST):
        faults["again_at"] = _("Say when to call again, within 14 days.")
    if faults:
        raise ValidationError(faults)
    _check_day(row, told, now)


def _check_day(row: Callback, told: Told, now: datetime) -> None:
    """Attempts fall on different days."""
    unanswered = row.calls.filter(on_day=day_of(now), outcome=Outcome.NO_ANSWER)
    if told.outcome == Outcome.NO_ANSWER and unanswered.exists():
        raise Conflict(_("Nobody answered today already. It is tried again on another day."))


def _verdict(row: Callback, told: Told) -> str:
    if told.outcome != REACHED:
        return told.outcome
    found = questions.exceptions(row.programme.questions, told.answers)
    return Outcome.EXCEPTION if found else Outcome.PASSED


def _logged(actor: Person, row: Callback, outcome: str, told: Told, now: datetime) -> Interaction:
    results = Interaction.Outcome
    words = _("Callback, %(kind)s: %(outcome)s.") % {
        "kind": row.get_kind_display(), "outcome": Outcome(outcome).label
    }  # fmt: skip
    said = Entry(
        channel=Channel.PHONE, direction=Interaction.Direction.OUTBOUND, category="care.callback",
        summary=f"{words} {told.note.strip()}".strip(), ended_at=now,
        started_at=max(row.taken_at or now, now - LONGEST_CALL),
        outcome=results.NOT_REACHED if outcome == Outcome.NO_ANSWER else results.RESOLVED,
    )  # fmt: skip
    return log_interaction(actor=actor, client=row.client, entry=said, agent=actor)


def _case(actor: Person, row: Callback, told: Told, entry: Interaction) -> Case:
    found = questions.exceptions(row.programme.questions, told.answers)
    asked = "; ".join(questions.words_of(one) for one in found)
    lines = [
        f"{questions.words_of(one)} {questions.spoken(one, told.answers[one['key']])}"
        for one in row.programme.questions if told.answers.get(one["key"])
    ]  # fmt: skip
    return open_case(
        actor=actor, client=row.client, kind="callback_exception", subject=_("Exception in a callback"),
        text="\n".join([told.note.strip(), *lines])[:4000], channel=Channel.PHONE, source=entry,
        fields={"question": asked[:500]}, key=f"callback:{row.pk}",
    )  # fmt: skip


def _move_on(row: Callback, outcome: str, told: Told, now: datetime) -> None:
    """Ends it, or sets it free for the next try."""
    if outcome in (Outcome.PASSED, Outcome.EXCEPTION, Outcome.REFUSED):
        row.state, row.ended_at = outcome, now
        row.passed_on = day_of(now) if outcome == Outcome.PASSED else None
        return
    row.caller, row.caller_no, row.taken_at = None, "", None
    if outcome == Outcome.LATER and told.again_at:
        row.next_at = told.again_at
        return
    row.tries += 1
    row.next_at = next_try(row.programme.call_from, row.programme.call_to, now)
    if row.tries >= row.programme.attempts:
        row.state, row.ended_at = State.UNREACHABLE, now


def next_try(call_from: time, call_to: time, now: datetime) -> datetime:
    """On the next day, in the other half of it: after a morning from 13:00, after an afternoon early."""
    local = now.astimezone(SHANGHAI)
    start = max(NOON, call_from) if local.time() < NOON and call_to > NOON else call_from
    return datetime.combine(local.date() + timedelta(days=1), start, SHANGHAI)


def _note(actor: Person, row: Callback, outcome: str) -> None:
    deed = State.UNREACHABLE if row.state == State.UNREACHABLE else outcome
    audit.record(
        actor=actor, deed=f"callback.{deed}", subject_type="callback", subject_id=row.pk,
        client_id=row.client_id, unit_code=row.client.branch.code,
        detail={"kind": row.kind, "tries": row.tries},
    )  # fmt: skip
