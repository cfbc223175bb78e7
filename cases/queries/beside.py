"""What stands beside a case: its history in words, and the contacts that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.models import Case, CaseEvent, CaseNote, ClockKind, State
from interactions.models import Conversation, Interaction
from interactions.queries.desk import Said, said_in_each


@dataclass(frozen=True)
class Event:
    at: datetime
    who: str
    words: str


@dataclass(frozen=True)
class Linked:
    """A conversation with what was said in it, or an entry of the log; None where it is out of sight."""

    conversation: Conversation | None
    said: Sequence[Said]
    interaction: Interaction | None


def happened(case: Case) -> list[Event]:
    """The case's history, newest first, in the reader's language."""
    rows = case.events.select_related("person")
    return [Event(row.at, row.person.name if row.person else row.who, words_of(row)) for row in rows]


def linked_of(case: Case, user: Any) -> list[Linked]:
    """The contacts of the case that the reader may see."""
    links = list(case.links.all())
    talks = Conversation.objects.visible_to(user).select_related("line", "agent", "client", "category")
    known = talks.in_bulk([link.conversation_id for link in links if link.conversation_id])
    entries = Interaction.objects.visible_to(user).select_related("agent", "category")
    logged = entries.in_bulk([link.interaction_id for link in links if link.interaction_id])
    said = said_in_each(known.values())
    found = [
        Linked(
            known.get(link.conversation_id or 0), said.get(link.conversation_id or 0, ()),
            logged.get(link.interaction_id or 0),
        )
        for link in links
    ]  # fmt: skip
    return [one for one in found if one.conversation or one.interaction]


# What cases of a type are about, where no contact says it more exactly.
TOPICS = {
    "complaint": "complaint",
    "service_request": "request",
    "account_business": "request.change",
    "trading_question": "enquiry.trading",
}


def topic_of(case: Case, linked: Sequence[Linked]) -> str:
    """Code of the category of the contact that was linked last and has one, else of the case's type."""
    told = [one.conversation.category if one.conversation else None for one in linked]
    told += [one.interaction.category if one.interaction else None for one in linked]
    return next((one.code for one in reversed(told) if one), TOPICS.get(case.type_version.type.code, ""))


def words_of(event: CaseEvent) -> str:
    """An event in words; detail holds codes, never what was said."""
    detail = {name: value for name, value in event.detail.items() if value not in (None, "")}
    words = _WORDS.get(event.kind)
    told = words(detail) if words else event.kind
    return f"{told} ({detail['why']})" if detail.get("why") else told


def _state(value: Any) -> str:
    return str(dict(State.choices).get(value, value))


def _assigned(detail: dict[str, Any]) -> str:
    if not detail.get("new"):
        return _("Given back to the queue")
    return _("Given to %(name)s") % {"name": detail["new"]}


def _escalated(detail: dict[str, Any]) -> str:
    clock = dict(ClockKind.choices).get(str(detail.get("clock")), "")
    line = {2: _("team lead"), 3: _("branch manager"), 4: _("headquarters")}
    return _("%(clock)s overdue: %(whom)s told") % {
        "clock": clock,
        "whom": line.get(detail.get("level", 2), ""),
    }


_WORDS: dict[str, Any] = {
    "opened": lambda _detail: pgettext("case", "Opened"),
    "linked": lambda _detail: _("Conversation added"),
    "client_named": lambda detail: _("Client named: %(client)s") % {"client": detail.get("client", "")},
    "state_changed": lambda detail: (
        _("%(old)s → %(new)s") % {"old": _state(detail.get("old")), "new": _state(detail.get("new"))}
    ),
    "assigned": _assigned,
    "noted": lambda detail: str(dict(CaseNote.Kind.choices).get(detail.get("note"), "")),
    "files_added": lambda detail: _("Files added: %(count)s") % {"count": detail.get("count", 0)},
    "step_done": lambda _detail: _("Step done"),
    "step_undone": lambda _detail: _("Step taken back"),
    "edited": lambda _detail: _("Changed"),
    "watched": lambda _detail: _("Watches it"),
    "unwatched": lambda _detail: _("Watches it no longer"),
    "classified": lambda _detail: _("Classified"),
    "recused": lambda _detail: _("Somebody is kept out of it"),
    "recusal_ended": lambda _detail: _("Somebody is let in again"),
    "longer_asked": lambda _detail: _("Longer time asked for"),
    "longer_approved": lambda _detail: _("Longer time approved: 15 working days"),
    "decided": lambda _detail: _("Decided"),
    "merged": lambda detail: _("Joined with %(number)s") % {"number": detail.get("into", "")},
    "joined": lambda detail: _("%(number)s was joined with it") % {"number": detail.get("case_joined", "")},
    "escalated": _escalated,
    "pack_made": lambda _detail: _("Evidence pack made"),
}
