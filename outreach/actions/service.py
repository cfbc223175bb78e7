"""Deeds on the service plan, which is the whole firm's: draft, change, propose, send back, publish, drop."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from interactions.models import Channel
from outreach.models import DueList, ServicePlan, ServiceTier, Suggestion
from outreach.models.service import LONGEST_RHYTHM, TIERS
from outreach.queries.service import may_publish, may_write
from staff.models import Person

LONGEST_REASON, LONGEST_ADVICE, LONGEST_RESPONSE = 300, 300, 10_080
State = ServicePlan.State


@dataclass(frozen=True, kw_only=True)
class TierTold:
    """What a version says of one tier; see ServiceTier for the meaning and units."""

    tier: str
    rhythm_days: int | None = None
    channels: Sequence[str] = ()
    adviser: str
    first_response: int
    products_zh: str = ""
    products_en: str = ""
    entitled_zh: str = ""
    entitled_en: str = ""


@transaction.atomic
def write_draft(
    *, actor: Person, effective_on: date, tiers: Sequence[TierTold], version: int = 0
) -> ServicePlan:
    """Writes the draft as it was at `version`; without one (0) the next version of the plan begins with this.

    Raises Conflict when somebody was faster or while the draft waits for approval, ValidationError by field.
    """
    demand(may_write(actor))
    _check(effective_on, tiers)
    draft = _held(State.DRAFT, version) if version else _begun()
    draft.effective_on, draft.author, draft.written_at = effective_on, actor, timezone.now()
    draft.save()
    draft.tiers.all().delete()
    ServiceTier.objects.bulk_create(ServiceTier(plan=draft, **_kept(one)) for one in tiers)
    _note(actor, "service_plan.written", draft)
    return draft


@transaction.atomic
def propose(*, actor: Person, version: int) -> ServicePlan:
    """The draft waits for a second person."""
    demand(may_write(actor))
    draft = _held(State.DRAFT, version)
    _check_day(draft.effective_on)
    return _move(actor, draft, "service_plan.proposed", state=State.PROPOSED, sent_back_for="")


@transaction.atomic
def send_back(*, actor: Person, version: int, reason: str = "") -> ServicePlan:
    """What waits for approval becomes a draft again; reason (300 characters): what should be changed."""
    demand(may_write(actor) or may_publish(actor))
    told = reason.strip()[:LONGEST_REASON]
    waiting = _held(State.PROPOSED, version)
    return _move(actor, waiting, "service_plan.sent_back", state=State.DRAFT, sent_back_for=told)


@transaction.atomic
def publish(*, actor: Person, version: int) -> ServicePlan:
    """Puts what waits into force from its day on. Whoever wrote it raises Conflict; the database holds it."""
    demand(may_publish(actor))
    waiting = _held(State.PROPOSED, version)
    if waiting.author_id == actor.pk:
        raise Conflict(_("Whoever wrote it cannot approve it; a second person has to."), code="four_eyes")
    _check_day(waiting.effective_on)
    return _move(
        actor, waiting, "service_plan.published",
        state=State.PUBLISHED, approved_by=actor, published_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def drop_draft(*, actor: Person, version: int) -> None:
    """Throws the draft away."""
    demand(may_write(actor))
    draft = _held(State.DRAFT, version)
    _note(actor, "service_plan.draft_dropped", draft)
    draft.delete()


@transaction.atomic
def write_suggestions(*, actor: Person, texts: Mapping[str, tuple[str, str]]) -> int:
    """What to do about the entries of each list: (Chinese, English) by list. Returns how many changed."""
    demand(may_write(actor))
    if not set(texts) <= set(DueList.values):
        raise ValidationError({"list": _("There is no such list.")})
    if any(not 1 <= len(words.strip()) <= LONGEST_ADVICE for pair in texts.values() for words in pair):
        raise ValidationError(_("Write 1 to %(most)s characters.") % {"most": LONGEST_ADVICE})
    changed = [row for row in Suggestion.objects.select_for_update() if _differs(row, texts)]
    for row in changed:
        row.text_zh, row.text_en = (words.strip() for words in texts[row.list])
    Suggestion.objects.bulk_update(changed, ["text_zh", "text_en"])
    if changed:
        names = sorted(row.list for row in changed)
        audit.record(
            actor=actor, deed="worklists.advice_changed", subject_type="suggestion", subject_id=names[0],
            detail={"lists": names},
        )  # fmt: skip
    return len(changed)


def _differs(row: Suggestion, texts: Mapping[str, tuple[str, str]]) -> bool:
    told = texts.get(row.list, (row.text_zh, row.text_en))
    return (row.text_zh, row.text_en) != tuple(words.strip() for words in told)


def demand(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _begun() -> ServicePlan:
    """The next version, not kept yet. Raises Conflict while another one is being written."""
    newest = ServicePlan.objects.select_for_update().order_by("-number").first()
    if newest is not None and not newest.is_published:
        raise Conflict(_("A version is being written already; change that one."), code="being_written")
    return ServicePlan(number=newest.number + 1 if newest else 1)


def _held(state: str, version: int) -> ServicePlan:
    """What is being written, locked, its version counted on. Raises Conflict when it is another by now."""
    found = ServicePlan.objects.select_for_update().filter(state=state, version=version).first()
    if found is None:
        raise Conflict(_("Somebody changed the plan in the meantime. Look at it again."))
    found.version += 1
    return found


def _move(actor: Person, plan: ServicePlan, deed: str, **values: Any) -> ServicePlan:
    for name, value in values.items():
        setattr(plan, name, value)
    plan.save(update_fields=[*values, "version"])
    _note(actor, deed, plan)
    return plan


def _kept(told: TierTold) -> dict[str, Any]:
    return {**asdict(told), "channels": list(told.channels)}


def _check(effective_on: date, tiers: Sequence[TierTold]) -> None:
    _check_day(effective_on)
    if sorted(one.tier for one in tiers) != sorted(TIERS):
        raise ValidationError({"tiers": _("Every tier once: %(tiers)s.") % {"tiers": ", ".join(TIERS)}})
    faults = [f"{one.tier}: {fault}" for one in tiers for fault in _faults(one)]
    if faults:
        raise ValidationError({"tiers": faults})


def _check_day(effective_on: date) -> None:
    """Nights that are over keep the plan they were made by."""
    if effective_on <= timezone.localdate():
        raise ValidationError(
            {"effective_on": _("A day after today: nights that are over stay as they are.")}
        )
    later = ServicePlan.objects.filter(state=State.PUBLISHED, effective_on__gt=effective_on).first()
    if later is not None:
        words = _("Version %(number)s takes effect on %(day)s; choose that day or a later one.")
        told = {"number": later.number, "day": later.effective_on}
        raise ValidationError({"effective_on": words % told})


def _faults(told: TierTold) -> list[str]:
    found = []
    if told.rhythm_days is not None and not 1 <= told.rhythm_days <= LONGEST_RHYTHM:
        found.append(_("A rhythm of 1 to %(most)s days, or none.") % {"most": LONGEST_RHYTHM})
    if not told.channels or not set(told.channels) <= set(Channel.values):
        found.append(_("At least one way of contact."))
    elif len(set(told.channels)) < len(told.channels):
        found.append(_("Each way of contact once."))
    if told.adviser not in ServiceTier.Adviser.values:
        found.append(_("Choose an adviser."))
    if not 1 <= told.first_response <= LONGEST_RESPONSE:
        found.append(_("A first response within 1 to %(most)s minutes.") % {"most": LONGEST_RESPONSE})
    return found + _too_long(told)


def _too_long(told: TierTold) -> list[str]:
    most = {"products_zh": 300, "products_en": 300, "entitled_zh": 500, "entitled_en": 500}
    long = [name for name in most if len(getattr(told, name)) > most[name]]
    return [_("At most %(most)s characters.") % {"most": most[name]} for name in long]


def _note(actor: Person, deed: str, plan: ServicePlan) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="service_plan", subject_id=plan.number,
        detail={"effective_on": plan.effective_on.isoformat(), "author": plan.author_id},
    )  # fmt: skip
