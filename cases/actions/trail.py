"""What every deed on a case leaves: an event in its history, an audit entry, and a word to open pages."""

from typing import Any

from django.utils import timezone

from cases.models import Case, CaseEvent
from core import audit, live


def note(*, actor: audit.Actor, case: Case, kind: str, deed: str = "", **detail: Any) -> CaseEvent:
    """kind: the event's; deed: the audit's, by default `case.<kind>`. detail holds nothing that was said."""
    event = CaseEvent.objects.create(
        case=case, at=timezone.now(), kind=kind, who=actor.actor_name,
        person_id=actor.actor_id if actor.actor_kind == "person" else None, detail=detail,
    )  # fmt: skip
    audit.record(
        actor=actor, deed=deed or f"case.{kind}", subject_type="case", subject_id=case.pk,
        unit_code=case.unit.code, client_id=case.client_id, detail=detail,
    )  # fmt: skip
    tell(case)
    return event


def tell(case: Case) -> None:
    """Open pages hear that the case changed."""
    live.tell(f"unit:{case.unit_id}", "case", case=case.pk)
    if case.owner_id:
        live.tell(f"person:{case.owner_id}", "case", case=case.pk)
