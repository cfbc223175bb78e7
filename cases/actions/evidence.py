"""The evidence pack of a complaint: one PDF with all that is known of it, under the hash of its content."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import trail
from cases.models import Case, EvidencePack
from cases.queries import explain
from cases.queries.beside import Linked, happened, linked_of
from cases.queries.files import with_said
from cases.queries.reading import answered, notes_of, result_of, text_of
from core import formats, pdf
from interactions.models import Recording
from staff.models import Person

TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "evidence.typ"


@dataclass(frozen=True)
class Made:
    content: bytes
    sha256: str


@transaction.atomic
def make(*, actor: Person, case: Case) -> Made:
    """The pack as it stands now. sha256 is over the content as JSON and is printed on every page."""
    data = content_of(case, actor)
    digest = hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    now = timezone.now()
    made_by = _("Made by %(name)s, %(at)s") % {"name": actor.name, "at": formats.moment(now)}
    made = pdf.render(TEMPLATE, {**data, "hash": digest, "made": made_by})
    EvidencePack.objects.create(complaint=case.complaint, sha256=digest, made_by=actor.username, made_at=now)
    trail.note(actor=actor, case=case, kind="pack_made", deed="complaint.pack_made", sha256=digest)
    return Made(made, digest)


def content_of(case: Case, reader: Person) -> dict[str, Any]:
    """Everything in words: facts, clocks with their pauses, decisions, what was written and said, history."""
    linked = linked_of(case, reader)
    return {
        "title": f"{case.number} {case.subject}",
        "heads": {
            "facts": _("Facts"), "said": _("What the client says"), "clocks": _("Clocks"),
            "decisions": _("Decisions"), "notes": _("Notes and replies"), "messages": _("Conversations"),
            "recordings": _("Recordings"), "files": _("Files"), "history": _("History"),
            "result": _("Result"), "none": _("None"), "hash": _("Hash of the content (SHA-256)"),
        },
        "facts": _facts(case),
        "said": text_of(case),
        "result": result_of(case),
        "clocks": [_clock(one) for one in explain.clocks_of(case)],
        "decisions": _decisions(case),
        "notes": [
            [formats.moment(one.note.written_at), one.note.author_name, one.note.get_kind_display(),
             one.words]
            for one in reversed(notes_of(case))
        ],
        "messages": [line for one in linked for line in _messages(one)],
        "recordings": _recordings(linked),
        "files": [
            [formats.moment(one.added_at), one.name, one.added_by, one.sha256]
            for one in with_said(case, linked)
        ],
        "history": [[formats.moment(one.at), one.who, one.words] for one in reversed(happened(case))],
    }  # fmt: skip


def _facts(case: Case) -> list[list[str]]:
    told, client = case.complaint, case.client
    rows = [
        (_("Client"), f"{client.name} {client.client_no}" if client else _("Not known yet")),
        (_("Unit"), case.unit.name),
        (_("Received"), formats.day(told.received_on)),
        (_("Came from"), " ".join([str(told.get_source_display()), told.source_no]).strip()),
        (_("Business"), told.get_business_display()),
        (_("Severity"), told.get_severity_display()),
        (_("Number of complainants"), str(told.complainants)),
        (_("First receiver"), case.received_by.name if case.received_by else formats.DASH),
        (_("Owner"), case.owner.name if case.owner else formats.DASH),
        (_("State"), case.get_state_display()),
        (_("Kept out"), ", ".join(one.person.name for one in case.recusals.select_related("person"))),
    ]
    rows += [(one.words, one.value) for one in answered(case)]
    return [[str(words), str(value) or formats.DASH] for words, value in rows]


def _clock(one: explain.Explained) -> dict[str, Any]:
    clock = one.clock
    ended = _("ended %(at)s") % {"at": formats.moment(clock.ended_at)} if clock.ended_at else ""
    head = " · ".join(filter(None, [str(clock.get_kind_display()), str(clock.get_state_display()), ended]))
    return {"head": head, "lines": list(one.lines)}


def _decisions(case: Case) -> list[list[str]]:
    told = case.complaint
    rows = [
        [formats.moment(one.decided_at), one.decided_by.name, str(one.get_outcome_display())]
        for one in told.decisions.select_related("decided_by").order_by("id")
    ]
    if told.complex_approved_by:
        words = _("Longer time approved: 15 working days")
        asked = told.complex_asked_by.name if told.complex_asked_by else ""
        rows.append(
            [formats.moment(told.complex_approved_at), told.complex_approved_by.name,
             f"{words} ({told.complex_for}, {asked})"]
        )  # fmt: skip
    return rows


def _messages(one: Linked) -> list[list[str]]:
    if one.interaction is not None:
        entry = one.interaction
        return [
            [formats.moment(entry.started_at), entry.agent.name if entry.agent else "",
             entry.get_channel_display(), entry.summary]
        ]  # fmt: skip
    talk = one.conversation
    if talk is None:
        return []
    head = [
        formats.moment(talk.opened_at),
        talk.agent.name if talk.agent else "",
        talk.get_channel_display(),
        "",
    ]
    return [head, *(
        [formats.moment(said.message.at), said.message.author.name if said.message.author else _("Client"),
         talk.get_channel_display(), said.words]
        for said in one.said
    )]  # fmt: skip


def _recordings(linked: list[Linked]) -> list[list[str]]:
    """References of the recordings of the linked calls; the sound itself is kept elsewhere."""
    talks = [one.conversation.pk for one in linked if one.conversation]
    rows = Recording.objects.filter(conversation_id__in=talks).order_by("started_at")
    kept = [[formats.moment(row.started_at), row.reference, row.sha256] for row in rows]
    kept += [
        [formats.moment(one.interaction.started_at), one.interaction.reference, ""]
        for one in linked
        if one.interaction and one.interaction.reference
    ]
    return kept
