"""Deeds on drafts of the value model: begin, change, discard, propose, send back, publish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clients.models import Client
from core import audit
from core.errors import Conflict
from segmentation.actions.curves import take_curves
from segmentation.actions.publishing import (
    MONTHS_NEEDED,
    loaded_months,
    mark_stale,
    refuse_before_newest,
    refuse_during_a_run,
)
from segmentation.checking import faults
from segmentation.leaf_words import differences
from segmentation.models import Breakpoint, Curve, DraftCurve, ModelDraft, ModelVersion
from segmentation.queries.drafts import may_publish, may_write
from segmentation.queries.rows import kept_dates
from staff.actions.notices import notify
from staff.models import Person

State = ModelDraft.State
LONGEST_NAME, LONGEST_NOTE = 80, 300
APPROVED = gettext_noop("The model %(name)s was approved and is version %(number)s")
SENT_BACK = gettext_noop("The model %(name)s was sent back")


@dataclass(frozen=True, kw_only=True)
class DraftTold:
    """What a draft says; see ModelDraft. short_history: the quantiles may stand on less than 12 months."""

    name: str
    note: str = ""
    definition: dict[str, Any]
    renew_on: date | None = None
    renew_kinds: Sequence[str] = ()
    short_history: bool = False


@transaction.atomic
def begin_draft(
    *, actor: Person, name: str, version: ModelVersion | None = None, draft: ModelDraft | None = None
) -> ModelDraft:
    """A draft that says what a version or another draft says. Raises ValidationError by field, Conflict."""
    demand(may_write(actor))
    base = draft.base if draft else version
    if base is None or base.breakpoints_as_of is None:
        raise Conflict(
            _("No version with breakpoints is in force yet; publish those first."), code="no_version"
        )
    like: Any = draft or base
    renewed = {"renew_on": draft.renew_on, "renew_kinds": draft.renew_kinds} if draft else {}
    made = ModelDraft(
        name=" ".join(name.split()), definition=like.definition, base=base, author=actor,
        written_at=timezone.now(), short_history=like.short_history, **renewed,
    )  # fmt: skip
    _check(made)
    made.save(force_insert=True)
    _renew_curves(made)
    _note(actor, "model_draft.begun", made, {"from": draft.name if draft else base.number})
    return made


@transaction.atomic
def change_draft(*, actor: Person, draft: ModelDraft, version: int, told: DraftTold) -> ModelDraft:
    """Writes a draft anew, as it was at `version`. Raises ValidationError by field, Conflict."""
    demand(may_write(actor))
    held = _held(draft, State.DRAFT, version)
    before, renewed = held.definition, (held.renew_on, list(held.renew_kinds))
    held.name, held.note = " ".join(told.name.split()), told.note.strip()
    held.definition, held.short_history = told.definition, told.short_history
    held.renew_kinds = [kind for kind in Client.Kind.values if kind in set(told.renew_kinds)]
    held.renew_on = told.renew_on if held.renew_kinds else None
    held.author, held.written_at = actor, timezone.now()
    _check(held)
    held.save()
    if (held.renew_on, held.renew_kinds) != renewed:
        _renew_curves(held)
    changed = [change.name for change in differences(before, held.definition)]
    _note(actor, "model_draft.written", held, {"changed": changed})
    return held


@transaction.atomic
def discard_draft(*, actor: Person, draft: ModelDraft, version: int) -> None:
    """Throws a draft away with all that was tried."""
    demand(may_write(actor))
    held = _held(draft, State.DRAFT, version)
    _note(actor, "model_draft.discarded", held)
    held.delete()


@transaction.atomic
def propose_draft(*, actor: Person, draft: ModelDraft, version: int, serves_from: date) -> ModelDraft:
    """The draft waits for a second person, to serve from a day on. Whoever proposes answers for it as author.

    Raises Conflict when it was not tried as it stands: nobody proposes what nobody has seen.
    """
    demand(may_write(actor))
    held = _held(draft, State.DRAFT, version)
    _check(held)
    _check_start(serves_from)
    tried = held.trials.filter(kind="what_if", result__isnull=False, asked_at__gte=held.written_at)
    if not tried.exists():
        raise Conflict(_("Run a what-if of the draft as it stands first."), code="not_tried")
    return _move(
        actor, held, "model_draft.proposed",
        state=State.PROPOSED, serves_from=serves_from, sent_back_for="", author=actor,
    )  # fmt: skip


@transaction.atomic
def send_back_draft(*, actor: Person, draft: ModelDraft, version: int, reason: str = "") -> ModelDraft:
    """What waits becomes a draft again; reason (300 characters): what should be changed."""
    demand(may_write(actor) or may_publish(actor))
    held = _held(draft, State.PROPOSED, version)
    told = reason.strip()[:LONGEST_NOTE]
    _move(actor, held, "model_draft.sent_back", state=State.DRAFT, sent_back_for=told)
    _tell(actor, held, SENT_BACK, {"name": held.name})
    return held


@transaction.atomic
def publish_draft(*, actor: Person, draft: ModelDraft, version: int) -> ModelVersion:
    """Makes it a version that serves from its day on; raises Conflict for whoever proposed it.

    The next run scores that day and those after it anew; closes before it keep their tiers (S2).
    """
    demand(may_publish(actor))
    held = _held(draft, State.PROPOSED, version)
    if held.author_id == actor.pk:
        raise Conflict(_("Whoever wrote it cannot approve it; a second person has to."), code="four_eyes")
    assert held.serves_from is not None  # the database holds it
    refuse_during_a_run()
    _check_start(held.serves_from)
    made = _published(held, actor)
    _move(actor, held, "model_draft.published", state=State.PUBLISHED, approved_by=actor, published_as=made)
    audit.record(
        actor=actor, deed="model.published", subject_type="model_version", subject_id=made.number,
        detail={"as_of": held.serves_from, "approved_by": actor.actor_name, "draft": held.name,
                "short_history": made.short_history},
    )  # fmt: skip
    _tell(actor, held, APPROVED, {"name": held.name, "number": made.number})
    return made


def demand(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _published(held: ModelDraft, approver: Person) -> ModelVersion:
    newest = ModelVersion.objects.select_for_update().order_by("-number")[0]
    made = ModelVersion.objects.create(
        number=newest.number + 1, definition=held.definition, serves_from=held.serves_from,
        breakpoints_as_of=held.breakpoints_as_of, short_history=_is_short(held),
        proposed_by=held.author.actor_name, approved_by=approver.actor_name, published_at=timezone.now(),
    )  # fmt: skip
    curves = list(DraftCurve.objects.filter(draft=held))
    Breakpoint.objects.bulk_create(
        Breakpoint(model_version=made, kind=one.kind, indicator=one.indicator, p=p, value=value)
        for one in curves
        for p, value in enumerate(one.quantiles)
    )
    Curve.objects.bulk_create(
        Curve(model_version=made, kind=one.kind, indicator=one.indicator, xs=one.xs, starts=one.starts,
              slopes=one.slopes)
        for one in curves
    )  # fmt: skip
    mark_stale(made)
    return made


def _is_short(held: ModelDraft) -> bool:
    if held.renew_on is None:
        return held.base.short_history
    return loaded_months(held.renew_on) < MONTHS_NEEDED


def _renew_curves(draft: ModelDraft) -> None:
    """A version's curves are copied at once; taking new ones reads all clients and waits for a trial."""
    DraftCurve.objects.filter(draft=draft).delete()
    draft.curves_taken = not draft.renew_kinds
    if draft.curves_taken:
        take_curves(draft)
    draft.save(update_fields=["curves_taken"])


def _check(draft: ModelDraft) -> None:
    wrong: dict[str, Any] = {**faults(draft.definition, draft.base.definition)}
    if not 0 < len(draft.name) <= LONGEST_NAME:
        wrong["name"] = _("1 to %(most)s characters.") % {"most": LONGEST_NAME}
    if len(draft.note) > LONGEST_NOTE:
        wrong["note"] = _("At most %(most)s characters.") % {"most": LONGEST_NOTE}
    if draft.renew_kinds and draft.renew_on is None:
        wrong["renew_on"] = _("Choose the day from which they are taken.")
    elif draft.renew_on is not None and draft.renew_on not in kept_dates():
        wrong["renew_on"] = _("No figures of %(day)s are kept.") % {"day": draft.renew_on}
    elif draft.renew_on is not None and not draft.short_history:
        months = loaded_months(draft.renew_on)
        if months < MONTHS_NEEDED:
            wrong["short_history"] = _short_words(months)
    if wrong:
        raise ValidationError(wrong)


def _short_words(months: int) -> str:
    words = _("Only %(months)s closed months are loaded; 12 are needed, or say that the history is short.")
    return words % {"months": months}


def _check_start(day: date) -> None:
    """Closed months keep the tiers that were paid for; a later version in force is not overtaken."""
    newest = ModelVersion.objects.order_by("-number")[0]
    refuse_before_newest(newest, day)
    closes = kept_dates().closes
    if closes and day <= closes[-1]:
        words = _("A day after %(day)s: closed months keep their tiers.")
        raise ValidationError({"serves_from": words % {"day": closes[-1]}})


def _held(draft: ModelDraft, state: str, version: int) -> ModelDraft:
    """Locked, its version counted on. Raises Conflict when it is another by now."""
    found = ModelDraft.objects.select_for_update(of=("self",)).filter(
        pk=draft.pk, state=state, version=version
    )
    held = found.select_related("base", "author").first()
    if held is None:
        raise Conflict(_("Somebody changed the draft in the meantime. Look at it again."))
    held.version += 1
    return held


def _move(actor: Person, draft: ModelDraft, deed: str, **values: Any) -> ModelDraft:
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save(update_fields=[*values, "version"])
    _note(actor, deed, draft)
    return draft


def _note(actor: Person, deed: str, draft: ModelDraft, detail: dict[str, Any] | None = None) -> None:
    told = {"name": draft.name, "serves_from": draft.serves_from, **(detail or {})}
    audit.record(actor=actor, deed=deed, subject_type="model_draft", subject_id=draft.pk, detail=told)


def _tell(actor: Person, draft: ModelDraft, text: str, params: dict[str, str | int]) -> None:
    """Whoever wrote it hears what others decided."""
    if draft.author_id != actor.pk:
        notify(
            people=[draft.author_id], kind="model", text=text, params=params,
            url=f"/segments/models/drafts/{draft.pk}/",
        )  # fmt: skip
