"""Deeds on incidents: open one, put cases under it, answer all with a text that two people stand for."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.actions import answering
from cases.models import Case, Incident
from core import audit, jobs
from core.errors import Conflict, Stale
from core.models import Job
from staff.models import Person

State = Incident.State
LONGEST_TITLE, LONGEST_TEXT = 120, 2000
JOB = "cases.tasks.close_incident"
CLOSING = gettext_noop("Incident: answer and close its cases")
AT_ONCE = 50


@transaction.atomic
def open_incident(*, actor: Person, title: str, text: str = "") -> Incident:
    """Raises ValidationError by field."""
    if not 0 < len(title.strip()) <= LONGEST_TITLE:
        raise ValidationError({"title": _("1 to %(most)s characters.") % {"most": LONGEST_TITLE}})
    if len(text.strip()) > LONGEST_TEXT:
        raise ValidationError({"text": _("At most %(most)s characters.") % {"most": LONGEST_TEXT}})
    made = Incident.objects.create(title=title.strip(), text=text.strip(), opened_by=actor)
    _note(actor, "incident.opened", made)
    return made


@transaction.atomic
def propose_answer(*, actor: Person, incident: Incident, version: int, answer: str) -> Incident:
    """What every client will be told; waits for a second person. Raises Stale, Conflict, ValidationError."""
    found = _held(incident, version)
    if found.state == State.CLOSED:
        raise Conflict(_("The incident is closed."))
    if not 0 < len(answer.strip()) <= LONGEST_TEXT:
        raise ValidationError({"answer": _("1 to %(most)s characters.") % {"most": LONGEST_TEXT}})
    found.answer, found.proposed_by, found.state = answer.strip(), actor, State.PROPOSED
    found.approved_by = found.approved_at = None
    found.save()
    _note(actor, "incident.answer_proposed", found)
    return found


@transaction.atomic
def approve_answer(*, actor: Person, incident: Incident, version: int) -> Incident:
    """By somebody else than who wrote it. Raises Stale, Conflict."""
    found = _held(incident, version)
    if found.state != State.PROPOSED:
        raise Conflict(_("No answer waits for approval."))
    if found.proposed_by_id == actor.pk:
        raise Conflict(_("Whoever wrote it cannot approve it; a second person has to."), code="four_eyes")
    found.state, found.approved_by, found.approved_at = State.APPROVED, actor, timezone.now()
    found.save()
    _note(actor, "incident.answer_approved", found)
    return found


@transaction.atomic
def put_under(*, actor: audit.Actor, ids: Sequence[int], incident: Incident) -> list[int]:
    """Open cases become the incident's; returns the ids that were not yet. One audit entry for all."""
    if incident.state == State.CLOSED:
        raise Conflict(_("The incident is closed."))
    rows = Case.objects.unfinished().filter(pk__in=ids, is_complaint=False, merged_into__isnull=True)
    taken = list(rows.exclude(incident=incident).select_for_update(of=("self",)).order_by("pk"))
    for case in taken:
        case.incident = incident
        case.version += 1
    Case.objects.bulk_update(taken, ["incident", "version"])
    audit.record(
        actor=actor, deed="incident.cases_added", subject_type="incident", subject_id=incident.pk,
        detail={"cases": len(taken)},
    )  # fmt: skip
    return [case.pk for case in taken]


@transaction.atomic
def close_all(*, actor: Person, incident: Incident, version: int) -> Job:
    """Tells every client under it the approved answer and closes their cases, as a job."""
    found = _held(incident, version)
    if found.state != State.APPROVED:
        raise Conflict(_("The answer has to be approved first."))
    job = jobs.start(
        kind=JOB, title=_(CLOSING), owner=actor, arguments={"incident": found.pk, "by": actor.pk},
        url=found.get_absolute_url(),
    )  # fmt: skip
    _note(actor, "incident.closing", found)
    return job


def close_cases(job: Job) -> None:
    """The work of the job: some cases a transaction; coming twice goes on with what is left."""
    incident = Incident.objects.get(pk=job.arguments["incident"])
    actor = Person.objects.get(pk=job.arguments["by"])
    whole, done, refused = incident.cases.unfinished().count() or 1, 0, 0
    after = 0
    while chunk := _next(incident, after):
        for case in chunk:
            done, refused = (
                (done + 1, refused) if answering.answer(actor, case, incident) else (done, refused + 1)
            )
        after = chunk[-1].pk
        jobs.progress(job, 100 * (done + refused) // whole)
    _finish(incident, actor, done)
    job.result = {**job.result, "closed": done, "left": refused}


def _next(incident: Incident, after: int) -> list[Case]:
    rows = incident.cases.unfinished().filter(pk__gt=after).select_related("client", "unit", "type_version")
    return list(rows.order_by("pk")[:AT_ONCE])


@transaction.atomic
def _finish(incident: Incident, actor: Person, done: int) -> None:
    """The incident is over when none of its cases is open any more."""
    found = Incident.objects.select_for_update().get(pk=incident.pk)
    if found.state == State.APPROVED and not found.cases.unfinished().exists():
        found.state, found.closed_at = State.CLOSED, timezone.now()
        found.version += 1
        found.save()
    _note(actor, "incident.closed", found, cases=done)


def _held(incident: Incident, version: int) -> Incident:
    """The incident, locked, its version counted on."""
    found = Incident.objects.select_for_update().get(pk=incident.pk)
    if found.version != version:
        raise Stale(_("Somebody changed this incident in the meantime. Look at it again."))
    found.version += 1
    found.save(update_fields=["version"])
    return found


def _note(actor: Person, deed: str, incident: Incident, **detail: int) -> None:
    audit.record(actor=actor, deed=deed, subject_type="incident", subject_id=incident.pk, detail=dict(detail))
