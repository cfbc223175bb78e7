"""The register of complaints for the regulator, as XLSX: plain texts and numbers, never a formula."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.models import Complaint, ComplaintDecision
from cases.queries.reading import result_of
from cases.queries.register import KINDS, clock_ends, in_order, in_time, register_rows
from core import audit, formats
from core.sheets import Sheets

OUTCOMES = dict(ComplaintDecision.Outcome.choices)


@transaction.atomic
def make(*, actor: Any, first: date, last: date) -> bytes:
    """The file; who took which days is audited."""
    book = Sheets()
    heads = _heads()
    sheet = book.sheet(_("Complaints"), len(heads))
    book.mark(sheet, f"{actor.actor_name} {first} – {last}")
    book.head(sheet, heads)
    count = 0
    for complaint in in_order(register_rows(actor, first, last)):
        book.row(sheet, _row(complaint))
        count += 1
    note_taken(actor=actor, first=first, last=last, count=count)
    return book.content()


def note_taken(*, actor: audit.Actor, first: date, last: date, count: int) -> None:
    """On record: who took how many complaints of which days, as a file or a page of rows."""
    audit.record(
        actor=actor, deed="complaint.register_taken", subject_type="register", subject_id=f"{first}/{last}",
        detail={"complaints": count},
    )  # fmt: skip


def _heads() -> list[str]:
    times = [_("Acknowledged"), _("Contacted"), _("Resolved")]
    return [
        pgettext("case", "Number"), _("Received"), _("Came from"), _("Their number"), _("Client number"),
        _("Client"), _("Unit"), _("Channel"), _("Business"), _("Severity"), _("Number of complainants"),
        _("Subject"), _("First receiver"), _("Owner"), _("State"), *times, _("In time"), _("Complex"),
        _("Decision"), _("Result"), pgettext("case", "Closed"),
    ]  # fmt: skip


def _row(complaint: Complaint) -> list[Any]:
    case, clocks = complaint.case, clock_ends(complaint)
    client = case.client
    return [
        case.number, formats.day(complaint.received_on), complaint.get_source_display(), complaint.source_no,
        client.client_no if client else "", client.name if client else "", case.unit.name,
        case.get_channel_display() if case.channel else "", complaint.get_business_display(),
        complaint.get_severity_display(), complaint.complainants, case.subject,
        case.received_by.name if case.received_by else "", case.owner.name if case.owner else "",
        case.get_state_display(), *(_when(clocks[kind].ended_at) if kind in clocks else "" for kind in KINDS),
        formats.yes_no(in_time(complaint)),
        formats.yes_no(complaint.complex_approved_by_id is not None),
        str(OUTCOMES.get(complaint.substantiated, "")),  # type: ignore[attr-defined]
        result_of(case), _when(case.closed_at),
    ]  # fmt: skip


def _when(at: datetime | None) -> str:
    return formats.moment(at) if at else ""
