"""Deeds before an inspection: scoring forms, sampling plans, draws, and calibrations."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.errors import Conflict
from core.registry import sample_sources
from core.samples import Sample
from knowledge import drawing
from knowledge.actions.scripts import CODE
from knowledge.models import Calibration, Inspection, SamplingDraw, SamplingPlan, ScoringForm
from knowledge.queries.quality import candidates_of, form_in_use, rule_of
from staff.actions.notices import notify
from staff.models import Person, Unit

MOST_ITEMS, MOST_INSPECTORS, MOST_CALIBRATED = 40, 10, 20


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of a scoring form. fatal: missed, it makes the result 0; may_skip: it may not apply."""

    section_zh: str
    zh: str
    weight: Decimal
    section_en: str = ""
    en: str = ""
    fatal: bool = False
    may_skip: bool = False
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class FormTold:
    name_zh: str
    items: Sequence[Item]
    name_en: str = ""
    pass_points: Decimal = Decimal(80)


@dataclass(frozen=True, kw_only=True)
class PlanTold:
    """See SamplingPlan."""

    name: str
    unit: Unit
    form_code: str
    agent: Person | None = None
    channel: str = ""
    category: str = ""
    number: int | None = None
    share: Decimal | None = None
    each_agent: bool = True
    inspector: Person | None = None
    active: bool = True


@transaction.atomic
def write_form(*, actor: Person, code: str, told: FormTold) -> ScoringForm:
    """The next version of the form of this code, used for what is drawn from now on.

    Raises ValidationError by field.
    """
    code = code.strip().lower()
    if not CODE.fullmatch(code) or code == "new":
        raise ValidationError({"code": _("2 to 40 small letters, digits or dashes, other than new.")})
    if not told.items or len(told.items) > MOST_ITEMS or any(item.weight <= 0 for item in told.items):
        raise ValidationError(
            {"items": _("1 to %(most)s items with weights above 0.") % {"most": MOST_ITEMS}}
        )
    newest = form_in_use(code)
    try:
        with transaction.atomic():
            written = ScoringForm.objects.create(
                code=code, number=newest.number + 1 if newest else 1, name_zh=told.name_zh,
                name_en=told.name_en, pass_points=told.pass_points, items=_keyed(code, told.items),
                author=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(_("Somebody changed this form in the meantime. Look at it again.")) from error
    _note(actor, "scoring_form.written", "scoring_form", code, number=written.number)
    return written


@transaction.atomic
def write_plan(
    *, actor: Person, told: PlanTold, plan: SamplingPlan | None = None, version: int = 0
) -> SamplingPlan:
    """A new plan, or what an old one says from now on.

    Raises ValidationError by field, and Conflict when somebody changed it.
    """
    if (told.number is None) == (told.share is None):
        raise ValidationError({"number": _("Name either a number or a share.")})
    if form_in_use(told.form_code) is None:
        raise ValidationError({"form_code": _("There is no form of this code.")})
    if not actor.scope_for("quality.inspect").has_unit(told.unit.pk):
        raise ValidationError({"unit": _("You inspect no people of this unit.")})
    if SamplingPlan.objects.filter(name=told.name).exclude(pk=plan.pk if plan else 0).exists():
        raise ValidationError({"name": _("There is a plan of this name already.")})
    held = plan or SamplingPlan()
    if (
        plan is not None
        and not SamplingPlan.objects.select_for_update().filter(pk=plan.pk, version=version).exists()
    ):
        raise Conflict(_("Somebody changed this plan in the meantime. Look at it again."))
    for name, value in vars(told).items():
        setattr(held, name, value)
    held.version = version + 1
    held.save()
    _note(actor, "sampling_plan.written", "sampling_plan", held.pk, **rule_of(held))
    return held


@transaction.atomic
def draw(*, actor: audit.Actor, plan: SamplingPlan, week: date, seed: str = "") -> SamplingDraw:
    """Draws the plan's contacts of the week that begins on this Monday; a week is drawn once.

    Raises Conflict when it has been drawn, or is not over yet. seed: made here unless a test gives one.
    """
    held = SamplingPlan.objects.select_for_update().get(pk=plan.pk)
    if week.weekday() or week + timedelta(days=7) > timezone.localdate():
        raise Conflict(_("Only whole weeks that are over can be drawn."))
    if held.draws.filter(week=week).exists():
        raise Conflict(_("This week was drawn already."))
    form = form_in_use(held.form_code)
    assert form is not None
    made = SamplingDraw(plan=held, week=week, seed=seed or secrets.token_hex(16), rule=rule_of(held))
    made.drawn_at, made.drawn_by = timezone.now(), actor.actor_name
    found = candidates_of(made)
    chosen = {kind: drawing.drawn(made.seed, rows, _rule(held)) for kind, rows in found.items()}
    made.population = sum(map(len, found.values()))
    made.digest = drawing.digest([one for rows in found.values() for one in rows])
    made.drawn = sum(map(len, chosen.values()))
    made.save()
    Inspection.objects.bulk_create(
        _inspection(
            kind,
            one,
            form,
            draw=made,
            inspector=held.inspector if held.inspector_id != one.agent_id else None,
        )
        for kind, rows in chosen.items()
        for one in rows
    )
    _note(
        actor, "sampling.drawn", "sampling_plan", held.pk, week=str(week), seed=made.seed,
        population=made.population, digest=made.digest, drawn=made.drawn,
    )  # fmt: skip
    if held.inspector_id and made.drawn:
        notify(
            people=[held.inspector_id], kind="quality", params={"count": made.drawn, "plan": held.name},
            text=gettext_noop("%(count)s contacts of the plan %(plan)s wait for your inspection"),
            url=f"/quality/?plan={held.pk}&state=waiting", key=f"draw:{made.pk}",
        )  # fmt: skip
    return made


def draw_due(today: date) -> int:
    """Every morning: last week of every active plan that was not drawn yet; how many draws were made."""
    week = last_week(today)
    due = SamplingPlan.objects.filter(active=True).exclude(draws__week=week).order_by("pk")
    made = 0
    for plan in due:
        try:
            draw(actor=audit.SYSTEM, plan=plan, week=week)
        except Conflict:  # another worker was faster
            continue
        made += 1
    return made


def last_week(today: date) -> date:
    """The Monday of the last whole week."""
    return today - timedelta(days=today.weekday() + 7)


@transaction.atomic
def start_calibration(
    *, actor: Person, name: str, source: SamplingDraw, contacts: int, inspectors: Sequence[Person]
) -> Calibration:
    """Gives the first contacts of a draw, in its order, to several inspectors at once.

    Raises ValidationError by field. Nobody gets an own contact.
    """
    ids = {person.pk for person in inspectors}
    if not 2 <= len(ids) <= MOST_INSPECTORS or not all(one.may("quality.inspect") for one in inspectors):
        raise ValidationError({"inspectors": _("Name 2 to %(most)s inspectors.") % {"most": MOST_INSPECTORS}})
    rows = list(source.inspections.filter(supersedes=None, calibration=None).exclude(agent_id__in=ids))
    samples = {row.subject: row for row in rows}
    order = drawing.in_order(source.seed, [_sample(row) for row in rows])[: min(contacts, MOST_CALIBRATED)]
    if not order or contacts < 1:
        raise ValidationError({"contacts": _("The draw holds no contacts that all of them could score.")})
    form = form_in_use(source.plan.form_code)
    assert form is not None
    made = Calibration.objects.create(
        name=name, unit=source.plan.unit, form=form, started_by=actor, started_at=timezone.now()
    )
    Inspection.objects.bulk_create(
        _inspection(samples[one.number].kind, one, form, calibration=made, inspector=person)
        for one in order
        for person in inspectors
    )
    _note(actor, "calibration.started", "calibration", made.pk, contacts=len(order), inspectors=len(ids))
    notify(
        people=ids, kind="quality", text=gettext_noop("The calibration %(name)s waits for your scores"),
        params={"name": name}, url=f"/quality/?mine=true&state=waiting&calibration={made.pk}",
        key=f"calibration:{made.pk}",
    )  # fmt: skip
    return made


def _sample(row: Inspection) -> Sample:
    return Sample(row.subject, row.agent_id, row.unit_id, row.channel, row.category, row.happened_at)


def _inspection(kind: str, one: Sample, form: ScoringForm, **more: Any) -> Inspection:
    assert kind in sample_sources()
    return Inspection(
        form=form, kind=kind, subject=one.number, agent_id=one.agent_id, unit_id=one.unit_id,
        channel=one.channel, category=one.category, happened_at=one.at, **more,
    )  # fmt: skip


def _rule(plan: SamplingPlan) -> drawing.Rule:
    return drawing.Rule(plan.number, plan.share, plan.each_agent)


def _keyed(code: str, items: Sequence[Item]) -> list[dict[str, Any]]:
    """The items as kept; a new one gets a key that none of the form's items ever had."""
    used = {one["key"] for form in ScoringForm.objects.filter(code=code) for one in form.items}
    free = (key for number in range(1, 10_000) if (key := f"i{number}") not in used)
    kept: dict[str, dict[str, Any]] = {}
    for item in items:
        key = item.key if item.key in used and item.key not in kept else next(free)
        kept[key] = {**vars(item), "key": key, "weight": str(item.weight)}
    return list(kept.values())


def _note(actor: audit.Actor, deed: str, kind: str, subject: str | int, **detail: object) -> None:
    audit.record(actor=actor, deed=deed, subject_type=kind, subject_id=subject, detail=detail)
