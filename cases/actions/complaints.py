"""Deeds on complaints beside those on their cases: classification, recusal, longer time, decision."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import clocks, telling, trail
from cases.actions.working import held
from cases.models import Case, ClockKind, Complaint, ComplaintDecision, Recusal
from cases.queries.lines import LEAD, people_of_level
from cases.queries.reach import may_lead
from core import audit
from core.errors import Conflict
from staff.models import Person
from trading.business_time import WORKING_DAY

COMPLEX_DAYS = 15
CLASSIFIED = {"business", "severity", "source", "source_no", "complainants"}


@transaction.atomic
def classify(
    *, actor: audit.Actor, case: Case, version: int, business: str, severity: str, source: str,
    source_no: str = "", complainants: int = 1,
) -> Complaint:  # fmt: skip
    """By business, severity, where it came from and how many complain. Raises Stale, ValidationError."""
    found = held(case, version)
    told = _complaint(found)
    told.business, told.severity, told.source = business, severity, source
    told.source_no, told.complainants = source_no.strip(), complainants
    told.clean_fields(exclude={field.name for field in Complaint._meta.fields} - CLASSIFIED)
    if complainants < 1:
        raise ValidationError({"complainants": _("At least one.")})
    told.save()
    _count(found)
    detail = {"business": business, "severity": severity, "source": source, "complainants": complainants}
    trail.note(actor=actor, case=found, kind="classified", deed="complaint.classified", **detail)
    return told


@transaction.atomic
def recuse(*, actor: audit.Actor, case: Case, person: Person, complained_about: bool = True) -> Case:
    """This person sees and touches nothing of the case from now on; owning it ends.

    Nobody recuses somebody else unless they work on the case; oneself always. Raises Conflict.
    """
    found = held(case)
    _new, fresh = Recusal.objects.get_or_create(
        case=found, person=person,
        defaults={"complained_about": complained_about, "told_by": actor.actor_name},
    )  # fmt: skip
    if not fresh:
        raise Conflict(_("This person is kept out of the case already."))
    found.watchers.filter(person=person).delete()
    if found.owner_id == person.pk:
        found.owner = None
    _count(found)
    trail.note(actor=actor, case=found, kind="recused", deed="complaint.recused", person=person.username)
    return found


@transaction.atomic
def end_recusal(*, actor: audit.Actor, case: Case, person: Person) -> None:
    """It was somebody else. Only by those who lead there."""
    found = held(case)
    if not may_lead(actor, found):
        raise PermissionDenied
    if Recusal.objects.filter(case=found, person=person).delete()[0]:
        trail.note(
            actor=actor,
            case=found,
            kind="recusal_ended",
            deed="complaint.recusal_ended",
            person=person.username,
        )


@transaction.atomic
def ask_longer(*, actor: Person, case: Case, reason: str) -> Complaint:
    """Says why the complaint is complex and needs 15 working days; holds once somebody else approved it."""
    found = held(case)
    told = _complaint(found)
    if told.complex_approved_by_id is not None:
        raise Conflict(_("The longer time was approved already."))
    if not 0 < len(reason.strip()) <= 300:
        raise ValidationError({"reason": _("1 to %(most)s characters.") % {"most": 300}})
    told.complex_for, told.complex_asked_by = reason.strip(), actor
    told.save(update_fields=["complex_for", "complex_asked_by"])
    _count(found)
    trail.note(actor=actor, case=found, kind="longer_asked", deed="complaint.longer_asked")
    telling.waiting(found, [pk for pk in people_of_level(found, LEAD) if pk != actor.pk])
    return told


@transaction.atomic
def approve_longer(*, actor: Person, case: Case) -> Complaint:
    """A second person who leads there agrees: the deadline is 15 working days from the beginning."""
    found = held(case)
    told = _complaint(found)
    if told.complex_asked_by_id is None or told.complex_approved_by_id is not None:
        raise Conflict(_("Nobody asked for a longer time."))
    if told.complex_asked_by_id == actor.pk:
        raise Conflict(_("Whoever asked for it cannot approve it; a second person has to."), code="four_eyes")
    if not may_lead(actor, found):
        raise PermissionDenied
    told.complex_approved_by, told.complex_approved_at = actor, timezone.now()
    told.save(update_fields=["complex_approved_by", "complex_approved_at"])
    clocks.stretch(found, ClockKind.RESOLUTION, int((COMPLEX_DAYS * WORKING_DAY).total_seconds()))
    _count(found)
    trail.note(actor=actor, case=found, kind="longer_approved", deed="complaint.longer_approved")
    return told


@transaction.atomic
def decide(*, actor: Person, case: Case, outcome: str) -> ComplaintDecision:
    """Whether it is substantiated; a later decision holds from its own day on. By those who lead there."""
    found = held(case)
    told = _complaint(found)
    if not may_lead(actor, found):
        raise PermissionDenied
    if outcome not in ComplaintDecision.Outcome.values:
        choices = ", ".join(ComplaintDecision.Outcome.values)
        raise ValidationError({"outcome": _("Choose one of: %(choices)s.") % {"choices": choices}})
    decision = ComplaintDecision.objects.create(
        complaint=told, outcome=outcome, decided_on=timezone.localdate(), decided_by=actor
    )
    _count(found)
    trail.note(actor=actor, case=found, kind="decided", deed="complaint.decided", outcome=outcome)
    return decision


def _complaint(case: Case) -> Complaint:
    if not case.is_complaint:
        raise Conflict(_("This case is no complaint."))
    return Complaint.objects.select_for_update().get(case=case)


def _count(case: Case) -> None:
    case.version += 1
    case.save(update_fields=["version", "owner"])
