"""Deeds on the scheme: a draft is begun, changed, proposed, published by a second person, or discarded."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.errors import Conflict, Stale
from kpis.actions.people import who
from kpis.models import SchemeDraft, SchemeGroup, SchemeVersion
from kpis.models.drafts import APPROVE, WRITE
from kpis.queries.schemes import newest, signed_until
from kpis.rules import Scheme
from kpis.rules.profits import TIERS
from kpis.rules.rewards import BASES, KINDS, RewardRule
from kpis.rules.told_scheme import scheme_to_json
from staff.actions.notices import notify
from staff.models import Person

NOTICE = "scheme"
MOST_COEFFICIENT = 10
LONGEST_ANSWER, MOST_CLIENTS, MOST_DAYS, MOST_MONTHS = 300, 100_000, 92, 36
PUBLISHED = gettext_noop("%(person)s published version %(number)s of the scheme.")
DECLINED = gettext_noop("%(person)s declined the draft of version %(number)s of the scheme.")
State = SchemeDraft.State


@transaction.atomic
def begin_draft(*, actor: Person, scheme: Scheme | None = None) -> SchemeDraft:
    """A draft of the version after the newest; it says what that one says, or what somebody tried.

    Raises ValidationError when what was tried may not serve.
    """
    _demand(actor, WRITE)
    version = newest()
    if scheme is not None and (faults := scheme_faults(scheme)):
        raise ValidationError(faults)
    draft = SchemeDraft.objects.create(
        based_on=version,
        content=scheme_to_json(scheme or version.as_rules()),
        edited_by=actor,
        edited_at=timezone.now(),
    )
    _note(actor, "scheme.draft_begun", draft)
    return draft


@transaction.atomic
def change_draft(
    *, actor: Person, draft: SchemeDraft, version: int, scheme: Scheme, serves_from: date | None, reason: str
) -> SchemeDraft:
    """Replaces what it says. Raises ValidationError by field, Stale when somebody changed it since."""
    _demand(actor, WRITE)
    held = _held(draft, version, State.DRAFT)
    faults = scheme_faults(scheme) | _date_faults(serves_from)
    if faults:
        raise ValidationError(faults)
    held.content, held.serves_from, held.reason = scheme_to_json(scheme), serves_from, reason.strip()
    held.edited_by, held.edited_at = actor, timezone.now()
    held.save()
    _note(actor, "scheme.draft_changed", held)
    return held


@transaction.atomic
def propose_scheme(*, actor: Person, draft: SchemeDraft, version: int) -> SchemeDraft:
    """Asks a second person to publish it; one draft at a time waits."""
    _demand(actor, WRITE)
    held = _held(draft, version, State.DRAFT)
    if held.serves_from is None or not held.reason:
        raise Conflict(_("Say first from which period on it serves, and why."), code="incomplete")
    _check_still_fits(held)
    held.state, held.proposed_by, held.proposed_at = State.PROPOSED, actor, timezone.now()
    held.decided_by, held.decided_at, held.answer = None, None, ""
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError as error:
        raise Conflict(_("Another draft waits for approval already."), code="waits_already") from error
    _note(actor, "scheme.proposed", held)
    return held


@transaction.atomic
def publish_scheme(*, actor: Person, draft: SchemeDraft, version: int) -> SchemeVersion:
    """Makes it the next version; whoever wrote or proposed it may not (the database holds it).

    Cards of periods from serves_from on that are there already follow with the next night.
    """
    _demand(actor, APPROVE)
    held = _held(draft, version, State.PROPOSED)
    if actor.pk in (held.proposed_by_id, held.edited_by_id):
        raise Conflict(_("A second person publishes what one wrote or proposed."), code="four_eyes")
    _check_still_fits(held)
    made = _make_version(held, actor)
    held.state, held.published = State.PUBLISHED, made
    _decide(held, actor, "")
    _note(actor, "scheme.published", held)
    _tell(held, PUBLISHED, actor)
    return made


@transaction.atomic
def decline_scheme(*, actor: Person, draft: SchemeDraft, version: int, why: str) -> SchemeDraft:
    """Gives it back to be changed, with the reason."""
    _demand(actor, APPROVE)
    held = _held(draft, version, State.PROPOSED)
    if not 1 <= len(why.strip()) <= LONGEST_ANSWER:
        raise ValidationError({"why": _("Write 1 to %(most)s characters.") % {"most": LONGEST_ANSWER}})
    held.state = State.DRAFT
    _decide(held, actor, why.strip())
    _note(actor, "scheme.declined", held)
    _tell(held, DECLINED, actor)
    return held


@transaction.atomic
def take_back_scheme(*, actor: Person, draft: SchemeDraft, version: int) -> SchemeDraft:
    """A proposed one can be changed again."""
    _demand(actor, WRITE)
    held = _held(draft, version, State.PROPOSED)
    held.state = State.DRAFT
    held.save()
    _note(actor, "scheme.taken_back", held)
    return held


@transaction.atomic
def discard_draft(*, actor: Person, draft: SchemeDraft, version: int) -> SchemeDraft:
    """Ends a draft that nobody needs; it stays to be read."""
    _demand(actor, WRITE)
    held = _held(draft, version, State.DRAFT)
    held.state = State.DISCARDED
    held.save()
    _note(actor, "scheme.draft_discarded", held)
    return held


def scheme_faults(scheme: Scheme) -> dict[str, str]:
    """What is wrong with a scheme, by field, in words; empty when it may serve."""
    found = _weight_faults(scheme) | _group_faults(scheme) | _number_faults(scheme)
    for kind, rule in scheme.rewards.items():
        if words := _reward_fault(rule):
            found[f"rewards_{kind}"] = words
    return found


def _reward_fault(rule: RewardRule) -> str:
    scores = [score for score, _coefficient in rule.points]
    if not scores or scores != sorted(set(scores)):
        return _("Write rising scores, each with its coefficient, such as 60:0.6, 80:1.")
    if any(not 0 <= score <= 120 or not 0 <= value <= MOST_COEFFICIENT for score, value in rule.points):
        return _("Scores from 0 to 120, coefficients from 0 to %(most)s.") % {"most": MOST_COEFFICIENT}
    return "" if rule.kind in KINDS and rule.base in BASES else _("No such way of sharing.")


def _weight_faults(scheme: Scheme) -> dict[str, str]:
    total = sum(scheme.weights.values(), Decimal(0))
    if min(scheme.weights.values()) < 0:
        return {"weights": _("No weight may be below 0.")}
    if total != 100:
        return {"weights": _("The weights sum to %(sum)s; they must sum to 100.") % {"sum": f"{total:f}"}}
    return {}


def _group_faults(scheme: Scheme) -> dict[str, str]:
    names, tiers = Counter(rule.name for rule in scheme.groups), Counter[str]()
    for rule in scheme.groups:
        tiers.update(rule.tiers)
    if not scheme.groups or not all(rule.name and rule.tiers for rule in scheme.groups):
        return {"groups": _("Each group needs a name and at least one tier.")}
    if max(names.values()) > 1 or max(map(len, names)) > 10:
        return {"groups": _("Names of groups differ and have at most 10 characters.")}
    if set(tiers) - set(TIERS) or max(tiers.values()) > 1:
        return {"groups": _("A tier stands in one group only.")}
    total = sum((rule.weight for rule in scheme.groups), Decimal(0))
    if total != 1 or min(rule.weight for rule in scheme.groups) < 0:
        return {
            "groups": _("The groups' weights sum to %(sum)s; they must sum to 1.") % {"sum": f"{total:f}"}
        }
    return {}


def _number_faults(scheme: Scheme) -> dict[str, str]:
    faults = {}
    if not 100 <= scheme.cap <= 120:
        faults["cap"] = _("From 100 to 120.")
    if not 0 < scheme.share_needed <= 1:
        faults["share_needed"] = _("Above 0, at most 1 (0.7 is 70 %).")
    most = dict.fromkeys(("small_base", "base_added", "small_group", "group_added"), MOST_CLIENTS)
    for name, limit in {**most, "undo_days": MOST_DAYS, "months_behind": MOST_MONTHS}.items():
        if not 0 <= getattr(scheme, name) <= limit:
            faults[name] = _("From 0 to %(most)s.") % {"most": limit}
    return faults


def _date_faults(serves_from: date | None) -> dict[str, str]:
    """A version begins with a period, after every signed one, and not before the version before it."""
    if serves_from is None:
        return {}
    signed, before = signed_until(), newest().serves_from
    if serves_from.day != 1:
        return {"serves_from": _("A version begins with a month.")}
    if signed is not None and serves_from <= signed:
        words = _("Cards of periods up to %(day)s are signed; choose a later start.")
        return {"serves_from": words % {"day": signed.isoformat()}}
    if before is not None and serves_from < before:
        words = _("The version before serves from %(day)s; this one may not begin earlier.")
        return {"serves_from": words % {"day": before.isoformat()}}
    return {}


def _check_still_fits(held: SchemeDraft) -> None:
    faults = scheme_faults(held.as_rules()) | _date_faults(held.serves_from)
    if newest().pk != held.based_on_id:
        faults["based_on"] = _("Another version was published since; begin a new draft from it.")
    if faults:
        raise Conflict(" ".join(faults.values()), code="unfit")


def _make_version(held: SchemeDraft, actor: Person) -> SchemeVersion:
    scheme = held.as_rules()
    weights = {f"weight_{name}": weight for name, weight in scheme.weights.items()}
    numbers = {
        name: getattr(scheme, name)
        for name in ("cap", "small_base", "base_added", "small_group", "group_added", "share_needed",
                     "undo_days", "months_behind")
    }  # fmt: skip
    proposer: Any = held.proposed_by
    made = SchemeVersion.objects.create(
        number=scheme.number, serves_from=held.serves_from, **weights, **numbers, proposed_by=who(proposer),
        approved_by=who(actor), rewards=held.content.get("rewards", {}),
    )  # fmt: skip
    SchemeGroup.objects.bulk_create(
        SchemeGroup(scheme=made, position=at, name=rule.name, tiers=list(rule.tiers), weight=rule.weight)
        for at, rule in enumerate(scheme.groups, 1)
    )
    return made


def _demand(actor: Person, right: str) -> None:
    """Schemes are the firm's: the right has to be held for all of it."""
    if not (actor.may(right) and actor.scope_for(right).firm):
        raise PermissionDenied


def _held(draft: SchemeDraft, version: int, state: str) -> SchemeDraft:
    """The draft, locked, its version counted on. Raises Stale or Conflict when it is another by now."""
    held = SchemeDraft.objects.select_for_update().get(pk=draft.pk)
    if held.version != version:
        raise Stale(_("Somebody changed this draft in the meantime. Look at it again."))
    if held.state != state:
        raise Conflict(_("This draft stands elsewhere by now."), code="other_state")
    held.version += 1
    return held


def _decide(held: SchemeDraft, actor: Person, answer: str) -> None:
    held.decided_by, held.decided_at, held.answer = actor, timezone.now(), answer
    held.save()


def _tell(held: SchemeDraft, text: str, actor: Person) -> None:
    notify(
        people=[held.proposed_by_id or held.edited_by_id], kind=NOTICE, text=text,
        params={"person": actor.name, "number": held.based_on.number + 1},
        url=reverse("kpis:scheme_draft", args=[held.pk]),
    )  # fmt: skip


def _note(actor: Person, deed: str, held: SchemeDraft) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="scheme_draft", subject_id=held.pk,
        detail={"content": held.content, "serves_from": held.serves_from, "reason": held.reason,
                "answer": held.answer},
    )  # fmt: skip
