"""Deeds on callback programmes, which are the firm's: write, propose, send back, approve, retire, drop."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from outreach import questions
from outreach.models import CallbackKind, CallbackProgramme
from outreach.queries.programmes import BEING_WRITTEN
from staff.models import Person

State = CallbackProgramme.State
LEAST_SHARE, LONGEST_GREETING, LONGEST_WORDS, MOST_QUESTIONS = Decimal("0.1"), 2000, 200, 20
LONGEST_TERM = {CallbackKind.NEW_ACCOUNT: 30}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question as somebody wrote it; key: the one it had before, '' for a new one."""

    zh: str
    kind: str
    en: str = ""
    required: bool = True
    choices: Sequence[str] = ()
    exceptions: Sequence[str] = ()
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a version of a programme says; the fields are those of CallbackProgramme."""

    greeting_zh: str
    call_from: time
    call_to: time
    questions: Sequence[Asked]
    greeting_en: str = ""
    attempts: int = 3
    days: int | None = None
    share: Decimal | None = None
    risk_levels: Sequence[str] = ()


@transaction.atomic
def write(*, actor: Person, kind: str, version: int, told: Terms) -> CallbackProgramme:
    """Writes the draft of a kind; where none is being written, the next version begins with this.

    version: of the draft that was seen, 0 for none. Raises Conflict when somebody was faster or it waits for
    approval, ValidationError by field.
    """
    fields = _checked(kind, told)
    draft = _rows(kind).filter(state__in=BEING_WRITTEN).first()
    if draft is not None and draft.state == State.PROPOSED:
        raise Conflict(_("It waits for approval; send it back before you change it."))
    if (draft.version if draft else 0) != version:
        raise Conflict(_("Somebody changed this programme in the meantime. Look at it again."))
    if draft is None:
        newest = CallbackProgramme.objects.filter(kind=kind).order_by("-number").first()
        draft = CallbackProgramme(kind=kind, number=newest.number + 1 if newest else 1, version=0)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.questions = _keyed(kind, told.questions)
    draft.author, draft.written_at = actor, timezone.now()
    return _changed(draft, actor, "written")


@transaction.atomic
def propose(*, actor: Person, kind: str, version: int) -> None:
    """The draft waits for a second person. Raises Conflict like all deeds below when it was changed."""
    draft = _held(kind, version, State.DRAFT)
    draft.state, draft.sent_back_for = State.PROPOSED, ""
    _changed(draft, actor, "proposed")


@transaction.atomic
def send_back(*, actor: Person, kind: str, version: int, reason: str = "") -> None:
    """What waits for approval becomes a draft again; reason (300 characters): what should be changed."""
    draft = _held(kind, version, State.PROPOSED)
    draft.state, draft.sent_back_for = State.DRAFT, reason.strip()[:300]
    _changed(draft, actor, "sent_back")


@transaction.atomic
def approve(*, actor: Person, kind: str, version: int) -> CallbackProgramme:
    """Puts what waits in force, in the place of the version before. Whoever wrote it raises Conflict."""
    draft = _held(kind, version, State.PROPOSED)
    if draft.author_id == actor.pk:
        raise Conflict(_("Whoever wrote it cannot approve it; a second person has to."), code="four_eyes")
    _end(kind)
    draft.state, draft.approved_by, draft.in_force_from = State.IN_FORCE, actor, timezone.now()
    return _changed(draft, actor, "approved")


@transaction.atomic
def retire(*, actor: Person, kind: str, version: int) -> None:
    """No new occasions of this kind are called, until another version comes into force."""
    ending = _held(kind, version, State.IN_FORCE)
    _end(kind)
    _note(ending, actor, "retired")


@transaction.atomic
def drop_draft(*, actor: Person, kind: str, version: int) -> None:
    """Throws the draft away."""
    draft = _held(kind, version, State.DRAFT)
    _note(draft, actor, "dropped")
    draft.delete()


def _rows(kind: str) -> Any:
    return CallbackProgramme.objects.select_for_update(of=("self",)).filter(kind=kind)


def _held(kind: str, version: int, state: str) -> CallbackProgramme:
    found = _rows(kind).filter(state=state, version=version).first()
    if found is None:
        raise Conflict(_("Somebody changed this programme in the meantime. Look at it again."))
    return found


def _end(kind: str) -> None:
    """Whatever is in force is so no longer."""
    rows = CallbackProgramme.objects.filter(kind=kind, state=State.IN_FORCE)
    rows.update(state=State.RETIRED, in_force_to=timezone.now())


def _changed(row: CallbackProgramme, actor: Person, deed: str) -> CallbackProgramme:
    row.version += 1
    row.save()
    _note(row, actor, deed)
    return row


def _note(row: CallbackProgramme, actor: Person, deed: str) -> None:
    audit.record(
        actor=actor, deed=f"callback_programme.{deed}", subject_type="callback_programme",
        subject_id=f"{row.kind}/{row.number}", detail={"version": row.version},
    )  # fmt: skip


def _checked(kind: str, told: Terms) -> dict[str, Any]:
    """The fields as they are kept, without the questions; raises ValidationError by field."""
    faults = {**_term_faults(kind, told), **_call_faults(told)}
    if not 0 < len(told.greeting_zh.strip()) <= LONGEST_GREETING:
        faults["greeting_zh"] = _("Write 1 to %(most)s characters.") % {"most": LONGEST_GREETING}
    if words := _question_faults(told.questions):
        faults["questions"] = words
    if faults:
        raise ValidationError(faults)
    kept = {name: value for name, value in asdict(told).items() if name != "questions"}
    return kept | {"risk_levels": list(told.risk_levels)}


def _term_faults(kind: str, told: Terms) -> dict[str, str]:
    """Of the occasion: each kind has its own fields."""
    if kind not in CallbackKind.values:
        return {"kind": _("There is no such programme.")}
    if kind == CallbackKind.YEARLY:
        fits = told.days is None and told.share is not None and LEAST_SHARE <= told.share <= 1
        return {} if fits else {"share": _("From 0.1, a tenth of the clients, to 1.")}
    longest = LONGEST_TERM.get(CallbackKind(kind), 366)
    if told.share is not None or told.days is None or not 1 <= told.days <= longest:
        return {"days": _("From 1 to %(most)s days.") % {"most": longest}}
    needs = kind == CallbackKind.PRODUCT_RISK
    return {} if bool(told.risk_levels) == needs else {"risk_levels": _("Choose the risk levels to call.")}


def _call_faults(told: Terms) -> dict[str, str]:
    faults = {}
    if not 1 <= told.attempts <= 9:
        faults["attempts"] = _("From 1 to 9 attempts.")
    if told.call_from >= told.call_to:
        faults["call_to"] = _("It has to end after it begins.")
    return faults


def _question_faults(asked: Iterable[Asked]) -> str:
    asked = list(asked)
    if not 1 <= len(asked) <= MOST_QUESTIONS:
        return _("Ask 1 to %(most)s questions.") % {"most": MOST_QUESTIONS}
    for number, one in enumerate(asked, start=1):
        fault = questions.written_faults(asdict(one))
        if not fault and not 0 < len(one.zh.strip()) <= LONGEST_WORDS:
            fault = _("Write 1 to %(most)s characters.") % {"most": LONGEST_WORDS}
        if fault:
            return _("Question %(number)s: %(fault)s") % {"number": number, "fault": fault}
    return ""


def _keyed(kind: str, asked: Iterable[Asked]) -> list[Mapping[str, Any]]:
    """The questions as kept; a new one gets a key that none of the kind's questions ever had."""
    earlier = CallbackProgramme.objects.filter(kind=kind).values_list("questions", flat=True)
    used = {one["key"] for version in earlier for one in version}
    free = (key for number in range(1, 10_000) if (key := f"q{number}") not in used)
    kept: dict[str, Mapping[str, Any]] = {}
    for one in asked:
        key = one.key if one.key in used and one.key not in kept else next(free)
        lists = {"choices": list(one.choices), "exceptions": list(one.exceptions)}
        kept[key] = {**asdict(one), **lists, "key": key, "zh": one.zh.strip(), "en": one.en.strip()}
    return list(kept.values())
