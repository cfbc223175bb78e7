"""Words that go from a case to its client, by the case's own channel, and the answers of incidents."""

from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import working
from cases.models import Case, CaseNote, Incident, State
from cases.queries.ways import line_for
from core import audit
from core.errors import Refusal
from interactions.actions import deliveries
from interactions.models import Delivery, Line
from staff.models import Person


@transaction.atomic
def send(*, actor: audit.Actor, case: Case, text: str, key: str = "") -> CaseNote:
    """Tells the client something by the channel of the case, and notes it.

    key: told once however often asked. Raises ValidationError where the client has no such address.
    """
    line = line_for(case)
    if line is None or case.client is None:
        raise ValidationError({"text": _("Nothing can be sent to this client; speak with them and note it.")})
    ordered = deliveries.order(
        actor=actor, line=line, client=case.client, text=text, subject=_subject(case, line),
        key=uuid5(NAMESPACE_URL, f"case:{case.key}:{key}") if key else None,
    )  # fmt: skip
    return working.add_note(actor=actor, case=case, text=text, kind=CaseNote.Kind.REPLY, delivery=ordered)


def _subject(case: Case, line: Line) -> str:
    return _("About your request %(number)s") % {"number": case.number} if line.adapter == "email" else ""


def answer(actor: Person, case: Case, incident: Incident) -> bool:
    """One case of an incident: told, resolved and closed in one transaction; False when that cannot be."""
    try:
        with transaction.atomic():
            _tell(actor, case, incident)
            _end(actor, case, incident)
    except (Refusal, ValidationError):
        return False
    return True


def _tell(actor: Person, case: Case, incident: Incident) -> Delivery | None:
    """By message where there is a way to the client; else the answer stands in the case."""
    try:
        with transaction.atomic():
            return send(actor=actor, case=case, text=incident.answer, key=f"incident:{incident.pk}").delivery
    except ValidationError:
        working.add_note(actor=actor, case=case, text=incident.answer)
        return None


def _end(actor: Person, case: Case, incident: Incident) -> None:
    """Through the usual ways; the steps of the checklist are done by the incident."""
    fresh = Case.objects.select_related("type_version").get(pk=case.pk)
    for step in fresh.type_version.steps:
        if step["required"] and step["key"] not in fresh.ticked:
            working.tick(actor=actor, case=fresh, step=step["key"], done=True)
            fresh.refresh_from_db()
    working.change_state(actor=actor, case=fresh, state=State.RESOLVED, result=incident.answer)
    working.change_state(actor=actor, case=fresh, state=State.CLOSED)
