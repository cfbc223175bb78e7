"""Deeds on inspections: take, score, appeal, answer the appeal. Nothing that was scored is overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.errors import Conflict
from knowledge.models import Appeal, Calibration, Inspection, InspectionAnswer
from knowledge.scoring import points_of
from staff.actions.notices import notify
from staff.models import Person
from trading.business_time import add_working_days

LONGEST_TEXT, LONGEST_COMMENT = 2000, 500
State, Result = Inspection.State, InspectionAnswer.Result


@dataclass(frozen=True)
class Answer:
    """How an item was found: met, partly, missed or na."""

    result: str
    comment: str = ""


@transaction.atomic
def take(*, actor: Person, inspection: Inspection) -> None:
    """The actor scores it. Raises Conflict when somebody has it, or it is an own contact or an own result."""
    held = _held(inspection)
    if held.state != State.WAITING or held.inspector_id not in (None, actor.pk):
        raise Conflict(_("Somebody else inspects it already."))
    _demand_another(actor, held)
    held.inspector = actor
    held.save(update_fields=["inspector"])


@transaction.atomic
def score(
    *,
    actor: Person,
    inspection: Inspection,
    answers: Mapping[str, Answer],
    comment: str = "",
    coaching: str = "",
) -> Inspection:
    """Writes the result; raises ValidationError by item key, and Conflict when it is scored or another's.

    The agent is told and may appeal until CRM_APPEAL_DAYS working days have passed; not in a calibration.
    """
    held = _held(inspection)
    if held.state != State.WAITING:
        raise Conflict(_("It is scored already."))
    if held.inspector_id not in (None, actor.pk):
        raise Conflict(_("Somebody else inspects it already."))
    _demand_another(actor, held)
    items = held.form.items
    _check(items, answers, comment, coaching)
    found = points_of(items, {key: answer.result for key, answer in answers.items()})
    if found is None:
        raise ValidationError({"answers": _("At least one item has to apply.")})
    held.inspector, held.state, held.scored_at = actor, State.DONE, timezone.now()
    held.points, held.fatal = found.points, found.fatal
    held.passed = not found.fatal and found.points >= held.form.pass_points
    held.comment, held.coaching = comment.strip(), coaching.strip()
    if held.calibration_id is None:
        held.appeal_until = add_working_days(held.scored_at, settings.APPEAL_DAYS)
    held.save()
    InspectionAnswer.objects.bulk_create(
        InspectionAnswer(inspection=held, item=item["key"], result=answers[item["key"]].result,
                         comment=answers[item["key"]].comment.strip())
        for item in items
    )  # fmt: skip
    _note(actor, "inspection.scored", held, points=str(held.points), fatal=held.fatal)
    _after(held)
    return held


@transaction.atomic
def appeal(*, actor: Person, inspection: Inspection, reason: str) -> Appeal:
    """The agent objects. Raises Conflict after the term, for a result of another's, or a second time."""
    held, words = _held(inspection), reason.replace("\0", "").strip()
    if held.agent_id != actor.pk or held.state != State.DONE or held.calibration_id is not None:
        raise Conflict(_("Only the agent appeals against a result."))
    if held.appeal_until is None or timezone.now() > held.appeal_until:
        raise Conflict(_("The term for an appeal is over."))
    if Appeal.objects.filter(inspection=held).exists():
        raise Conflict(_("There is an appeal against this result already."))
    if not 1 <= len(words) <= LONGEST_TEXT:
        raise ValidationError({"reason": _("Write 1 to %(most)s characters.") % {"most": LONGEST_TEXT}})
    assert held.inspector_id is not None
    made = Appeal.objects.create(
        inspection=held, agent=actor, inspector_id=held.inspector_id, reason=words, at=timezone.now()
    )
    _note(actor, "inspection.appealed", held)
    return made


@transaction.atomic
def answer_appeal(*, actor: Person, appeal: Appeal, accepted: bool, answer: str) -> Inspection | None:
    """Somebody other than agent and inspector decides; accepted, the inspection to score anew is returned.

    Raises Conflict when it is answered or the actor may not, ValidationError without words.
    """
    held, words = Appeal.objects.select_for_update().get(pk=appeal.pk), answer.replace("\0", "").strip()
    if held.state != Appeal.State.OPEN:
        raise Conflict(_("The appeal is answered already."))
    if actor.pk in (held.inspector_id, held.agent_id):
        raise Conflict(_("Somebody other than inspector and agent answers an appeal."), code="four_eyes")
    if not 1 <= len(words) <= LONGEST_TEXT:
        raise ValidationError({"answer": _("Write 1 to %(most)s characters.") % {"most": LONGEST_TEXT}})
    held.state = Appeal.State.ACCEPTED if accepted else Appeal.State.REFUSED
    held.answer, held.answered_by, held.answered_at = words, actor, timezone.now()
    held.save()
    old = held.inspection
    _note(actor, "inspection.appeal_answered", old, accepted=accepted)
    told = gettext_noop("Your appeal is accepted: the contact is scored anew") if accepted else gettext_noop(
        "Your appeal is answered: the result stands"
    )  # fmt: skip
    notify(
        people=[held.agent_id], kind="quality", text=told, url=old.get_absolute_url(), key=f"appeal:{held.pk}"
    )
    return _anew(old) if accepted else None


def _anew(old: Inspection) -> Inspection:
    """The same contact and form, for anybody but the first inspector."""
    return Inspection.objects.create(
        draw=old.draw, form=old.form, kind=old.kind, subject=old.subject, agent=old.agent, unit=old.unit,
        channel=old.channel, category=old.category, happened_at=old.happened_at, not_by=old.inspector,
        supersedes=old,
    )  # fmt: skip


def _after(held: Inspection) -> None:
    """The agent hears of the result; a calibration closes when its last score is in."""
    if held.calibration_id is None:
        notify(
            people=[held.agent_id], kind="quality", params={"points": str(held.points)},
            text=gettext_noop("A contact of yours was inspected: %(points)s points"),
            url=held.get_absolute_url(), key=f"inspection:{held.pk}",
        )  # fmt: skip
        return
    calibration = Calibration.objects.select_for_update().get(pk=held.calibration_id)
    if not calibration.inspections.filter(state=State.WAITING).exists():
        calibration.closed_at = timezone.now()
        calibration.save(update_fields=["closed_at"])


def _held(inspection: Inspection) -> Inspection:
    rows = Inspection.objects.select_for_update(of=("self",)).select_related("form")
    return rows.get(pk=inspection.pk)


def _demand_another(actor: Person, held: Inspection) -> None:
    if actor.pk == held.agent_id:
        raise Conflict(_("Nobody inspects an own contact."), code="four_eyes")
    if actor.pk == held.not_by_id:
        raise Conflict(_("After an appeal somebody else scores it."), code="four_eyes")


def _check(items: list[dict], answers: Mapping[str, Answer], comment: str, coaching: str) -> None:
    faults = {}
    for item in items:
        given = answers.get(item["key"])
        allowed = [one for one in Result.values if one != Result.SKIPPED or item["may_skip"]]
        if given is None or given.result not in allowed:
            faults[item["key"]] = _("Say how it was found.")
        elif len(given.comment) > LONGEST_COMMENT:
            faults[item["key"]] = _("Write at most %(most)s characters.") % {"most": LONGEST_COMMENT}
    if max(len(comment), len(coaching)) > LONGEST_TEXT:
        faults["comment"] = _("Write at most %(most)s characters.") % {"most": LONGEST_TEXT}
    if faults:
        raise ValidationError(faults)


def _note(actor: Person, deed: str, held: Inspection, **detail: object) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="inspection", subject_id=held.pk, unit_code=held.unit.code,
        detail={"kind": held.kind, "subject": held.subject, **detail},
    )  # fmt: skip
