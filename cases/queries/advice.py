"""What to do next with a case, and where on its page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases.models import Case, CaseClock, ClockKind, State


@dataclass(frozen=True)
class Advice:
    words: str
    place: str  # the id of an element on the page
    icon: str


def next_step(case: Case, clocks: list[CaseClock], user: Any) -> Advice | None:
    """The first of these that is still open: an owner, the receipt, a contact, the steps, the end."""
    if case.state == State.CLOSED:
        return None
    if case.owner_id is None:
        return Advice(_("Nobody has this case: take it."), "take", "hand")
    waiting = {clock.kind for clock in clocks if clock.ended_at is None}
    if ClockKind.ACKNOWLEDGE in waiting:
        return Advice(_("Acknowledge receipt to the client."), "note-form", "mail-check")
    if ClockKind.FIRST_RESPONSE in waiting:
        return Advice(_("The client waits for a first answer."), "note-form", "message-circle")
    if ClockKind.CONTACT in waiting:
        return Advice(_("Speak with the client and note it."), "note-form", "phone")
    return _ending(case, user)


def _ending(case: Case, user: Any) -> Advice | None:
    if case.is_complaint and not case.is_done and not case.complaint.decisions.exists():
        return Advice(_("Decide whether the complaint is substantiated."), "complaint", "gavel")
    undone = [one for one in case.type_version.steps if one["key"] not in case.ticked and one["required"]]
    if undone and not case.is_done:
        return Advice(_("Go on with the checklist."), "steps", "list-checks")
    if case.state == State.WAITING_CLIENT:
        return Advice(_("Has the client answered? Then go on."), "state", "hourglass")
    if case.state == State.RESOLVED:
        return Advice(_("Close it once the client is content."), "state", "check-check")
    return Advice(_("All is done: say what came out and resolve it."), "state", "check")
