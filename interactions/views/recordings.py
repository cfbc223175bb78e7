"""Pages of call recordings: the import, and what belongs to a conversation."""

import csv
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from clients.importing.reading import REFUSALS, NotReadable
from core.errors import Conflict
from core.exports.cells import harmless
from interactions.actions.recordings import COLUMNS, Report, import_recordings, listened
from interactions.forms.levels import RecordingsForm
from interactions.models import Conversation, Recording
from interactions.queries import recordings
from staff.access import PersonRequest, needs

LISTED = 50


@require_http_methods(["GET", "POST"])
@needs("recordings.import")
def recordings_import(request: PersonRequest) -> HttpResponse:
    """Upload, checked or written at once; the button for the faults gives them as a file instead."""
    form = RecordingsForm(request.POST or None, request.FILES or None, reader=request.user)
    report = _imported(request, form) if request.method == "POST" and form.is_valid() else None
    if report and "faults" in request.POST:
        return _faults(report)
    last = Recording.objects.visible_to(request.user).select_related("line", "agent")[:LISTED]
    context: dict[str, Any] = {"form": form, "report": report, "recordings": last, "columns": COLUMNS}
    status = 422 if form.errors else 200
    return render(request, "interactions/levels/recordings.html", context, status=status)


def _imported(request: PersonRequest, form: RecordingsForm) -> Report | None:
    told = form.cleaned_data
    dry_run = told["dry_run"] or "faults" in request.POST
    try:
        return import_recordings(
            actor=request.user, line=told["line"], content=told["table"].read(), dry_run=dry_run
        )
    except NotReadable as fault:
        form.add_error("table", REFUSALS[fault.code])
    except Conflict as fault:
        form.add_error("table", fault.message)
    return None


def _faults(report: Report) -> HttpResponse:
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="recordings-faults.csv"'
    writer = csv.writer(answer)
    writer.writerow(["row", "call_id", "reason"])
    writer.writerows([one.row, harmless(one.call_id), harmless(one.reason)] for one in report.faults)
    return answer


@require_GET
@needs("interactions.view")
def recordings_of(request: PersonRequest, conversation: int) -> HttpResponse:
    """The references of a conversation's recordings, as a piece of its page."""
    talk = Conversation.objects.visible_to(request.user).filter(pk=conversation).first()
    if talk is None:
        raise Http404
    found = recordings.of_conversation(reader=request.user, conversation=talk)
    links = [(one, recordings.listen_link(request.user, one)) for one in found]
    context = {"recordings": links, "listeners": recordings.listeners()}
    return render(request, "interactions/levels/recordings_of.html", context)


@require_GET
@needs("interactions.view")
def listen(request: PersonRequest, key: UUID) -> HttpResponse:
    """On to where the sound is kept; that somebody listened is on record."""
    rows = Recording.objects.visible_to(request.user).select_related("line__unit", "conversation__client")
    found = rows.filter(key=key, conversation__isnull=False).first()
    if found is None or not recordings.of_conversation(reader=request.user, conversation=_talk(found)):
        raise Http404
    if not recordings.may_listen(request.user, found):
        raise PermissionDenied
    address = recordings.address_of(found)
    if not address:
        raise Http404
    listened(actor=request.user, recording=found)
    return HttpResponseRedirect(address)


def _talk(recording: Recording) -> Conversation:
    assert recording.conversation is not None  # asked for
    return recording.conversation
