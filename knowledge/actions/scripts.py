"""Deeds on scripts, which are the whole firm's: draft, change, propose, send back, approve, retire, drop."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from knowledge.models import TIERS, Script, ScriptVersion
from knowledge.queries.scripts import BEING_WRITTEN, CATEGORIES, CHANNELS, words_of
from staff.models import Person

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
RESERVED = frozenset({"new", "for"})  # addresses of pages
LONGEST_TITLE, LONGEST_BODY, LONGEST_STEP, MOST_STEPS, LONGEST_REASON = 80, 4000, 200, 20, 300
State = ScriptVersion.State


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the checklist; key: the one it had in the version before, '' for a new one."""

    zh: str
    en: str = ""
    required: bool = False
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a script says, and for which category, tiers and channels (empty: all). English may be missing."""

    title_zh: str
    body_zh: str
    title_en: str = ""
    body_en: str = ""
    category: str = ""
    tiers: Sequence[str] = ()
    channels: Sequence[str] = ()
    steps: Sequence[Step] = ()


@transaction.atomic
def draft_script(*, actor: Person, code: str, told: Wording) -> ScriptVersion:
    """A new script, as a draft. Raises ValidationError by field."""
    code = code.strip().lower()
    if not CODE.fullmatch(code) or code in RESERVED:
        raise ValidationError({"code": _("2 to 40 small letters, digits or dashes, other than new and for.")})
    fields = _checked(told)
    script, fresh = Script.objects.get_or_create(code=code)
    if not fresh:
        raise ValidationError({"code": _("There is a script of this code already.")})
    draft = _written(actor, ScriptVersion(script=script, number=1), fields, told.steps)
    _note(actor, "script.drafted", draft)
    return draft


@transaction.atomic
def change_draft(*, actor: Person, script: Script, version: int, told: Wording) -> ScriptVersion:
    """Writes the script's draft; where none is being written, the next version begins with this.

    Raises Conflict when somebody changed the script since this version of it, or while it waits for approval,
    and ValidationError by field.
    """
    fields = _checked(told)
    held = _held(script, version)
    draft = _being_written(held)
    if draft is not None and draft.state == State.PROPOSED:
        raise Conflict(_("It waits for approval; send it back before you change it."))
    if draft is None:
        newest = held.versions.order_by("-number").first()
        draft = ScriptVersion(script=held, number=newest.number + 1 if newest else 1)
    written = _written(actor, draft, fields, told.steps)
    _note(actor, "script.changed", written)
    return written


@transaction.atomic
def propose(*, actor: Person, script: Script, version: int) -> None:
    """The draft waits for a second person. Raises Conflict like all deeds below when the script changed."""
    draft = _wanted(_held(script, version), State.DRAFT)
    draft.state, draft.sent_back_for = State.PROPOSED, ""
    draft.save(update_fields=["state", "sent_back_for"])
    _note(actor, "script.proposed", draft)


@transaction.atomic
def send_back(*, actor: Person, script: Script, version: int, reason: str = "") -> None:
    """What waits for approval becomes a draft again; reason (300 characters): what should be changed."""
    draft = _wanted(_held(script, version), State.PROPOSED)
    draft.state, draft.sent_back_for = State.DRAFT, reason.strip()[:LONGEST_REASON]
    draft.save(update_fields=["state", "sent_back_for"])
    _note(actor, "script.sent_back", draft, reason=draft.sent_back_for)


@transaction.atomic
def approve(*, actor: Person, script: Script, version: int) -> ScriptVersion:
    """Puts what waits in force, in the place of the version before. Whoever wrote it raises Conflict."""
    proposed = _wanted(_held(script, version), State.PROPOSED)
    if proposed.author_id == actor.pk:
        raise Conflict(_("Whoever wrote it cannot approve it; a second person has to."), code="four_eyes")
    _end(script)
    proposed.state, proposed.approved_by, proposed.in_force_from = State.IN_FORCE, actor, timezone.now()
    proposed.save(update_fields=["state", "approved_by", "in_force_from"])
    _note(actor, "script.approved", proposed, author=proposed.author.username)
    return proposed


@transaction.atomic
def retire(*, actor: Person, script: Script, version: int) -> None:
    """The script is shown no more, until another version of it comes into force."""
    ending = _wanted(_held(script, version), State.IN_FORCE)
    _end(script)
    _note(actor, "script.retired", ending)


@transaction.atomic
def drop_draft(*, actor: Person, script: Script, version: int) -> bool:
    """Throws the draft away, and a script without other versions with it; True when the script stays."""
    held = _held(script, version)
    draft = _wanted(held, State.DRAFT)
    _note(actor, "script.draft_dropped", draft)
    draft.delete()
    if held.versions.exists():
        return True
    held.delete()
    return False


def _held(script: Script, version: int) -> Script:
    """The script, locked, its version counted on. Raises Conflict when it is another one by now."""
    held = Script.objects.select_for_update().filter(pk=script.pk, version=version).first()
    if held is None:
        raise Conflict(_("Somebody changed this script in the meantime. Look at it again."))
    held.version += 1
    held.save(update_fields=["version"])
    return held


def _being_written(script: Script) -> ScriptVersion | None:
    return script.versions.filter(state__in=BEING_WRITTEN).first()


def _wanted(script: Script, state: str) -> ScriptVersion:
    found = script.versions.filter(state=state).select_related("author").first()
    if found is None:
        raise Conflict(_("The script is not in a state for this. Look at it again."))
    return found


def _end(script: Script) -> None:
    """Whatever is in force is so no longer."""
    script.versions.filter(state=State.IN_FORCE).update(state=State.RETIRED, in_force_to=timezone.now())


def _written(
    actor: Person, draft: ScriptVersion, fields: dict[str, Any], steps: Iterable[Step]
) -> ScriptVersion:
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.steps = _keyed(draft.script, steps)
    draft.author, draft.written_at = actor, timezone.now()
    draft.save()
    return draft


def _keyed(script: Script, steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The checklist as kept; a new step gets a key that none of the script's steps ever had."""
    earlier = script.versions.values_list("steps", flat=True) if script.pk else ()
    used = {step["key"] for version in earlier for step in version}
    free = (key for number in range(1, 10_000) if (key := f"s{number}") not in used)
    kept: dict[str, dict[str, Any]] = {}
    for step in steps:
        key = step.key if step.key in used and step.key not in kept else next(free)
        words = {"zh": step.zh.strip(), "en": step.en.strip()}
        kept[key] = {"key": key, **words, "required": step.required}
    return list(kept.values())


def _checked(told: Wording) -> dict[str, Any]:
    """The fields as they are kept, without the steps; raises ValidationError by field."""
    texts = {name: getattr(told, name).strip() for name in ("title_zh", "title_en", "body_zh", "body_en")}
    faults = {name: fault for name, text in texts.items() if (fault := _fault(name, text))}
    faults |= _unknown("category", [told.category] if told.category else [], words_of(CATEGORIES))
    faults |= _unknown("tiers", told.tiers, TIERS)
    faults |= _unknown("channels", told.channels, words_of(CHANNELS))
    words = [text for step in told.steps for text in (step.zh.strip(), step.en.strip())]
    if len(told.steps) > MOST_STEPS or any(len(text) > LONGEST_STEP for text in words) or "" in words[::2]:
        limits = {"steps": MOST_STEPS, "most": LONGEST_STEP}
        faults["steps"] = _("At most %(steps)s steps, each with 1 to %(most)s characters.") % limits
    if faults:
        raise ValidationError(faults)
    return {**texts, "category": told.category, "tiers": list(told.tiers), "channels": list(told.channels)}


def _fault(name: str, text: str) -> str:
    most = LONGEST_TITLE if name.startswith("title") else LONGEST_BODY
    least = 1 if name.endswith("zh") else 0
    return "" if least <= len(text) <= most else _("Write 1 to %(most)s characters.") % {"most": most}


def _unknown(field: str, given: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    if set(given) <= set(known):
        return {}
    return {field: _("Choose one of: %(choices)s.") % {"choices": ", ".join(known)}}


def _note(actor: Person, deed: str, version: ScriptVersion, **detail: object) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="script", subject_id=version.script.code,
        detail={"number": version.number, "title": version.title_zh, **detail},
    )  # fmt: skip
