"""Pages of files: ask for one, see one's own, decide on those of others, fetch."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import formats
from core.errors import Conflict
from core.exports import asking, files
from core.guards import demand, listed_source, reader
from core.keyset import capped_count
from core.lists.sources import ListSource
from core.lists.words import filter_words
from core.models import Export, Job
from core.registry import list_sources
from core.sheets import XLSX
from core.toasts import trigger
from core.views import STATE_WORDS as JOB_WORDS

SHOWN = 50
TYPES = {Export.Format.CSV: "text/csv; charset=utf-8", Export.Format.XLSX: XLSX}
STATE_WORDS: dict[str, Any] = {
    Export.State.ASKED: _lazy("waits for approval"),
    Export.State.REFUSED: _lazy("refused"),
    Export.State.MAKING: _lazy("being made"),
    Export.State.READY: _lazy("ready"),
    Export.State.EXPIRED: _lazy("expired"),
}
TONES = {"asked": "warn", "refused": "bad", "making": "info", "ready": "ok", "expired": ""}


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_lazy("Kind of file"),
        choices=[("xlsx", "XLSX"), ("csv", "CSV")],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
    purpose = forms.CharField(
        label=_lazy("What the file is for"),
        min_length=4,
        max_length=300,
        help_text=_lazy("Stands in the file, beside your name and the time."),
    )


class DecisionForm(forms.Form):
    reason = forms.CharField(label=_lazy("Reason"), min_length=2, max_length=300)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, name: str) -> HttpResponse:
    """Asks for the list as it stands in the address."""
    demand(request, asking.ASK)
    source = listed_source(request, name)
    form = ExportForm(request.POST or None)
    query = request.GET.urlencode()
    if request.method == "POST" and form.is_valid() and _asked(request, source, query, form):
        return redirect("exports:list")
    page = source.page_for(reader(request), query, right=asking.ASK)
    counted, _more = capped_count(page.queryset, asking.WITHOUT_APPROVAL)
    context = {
        "form": form,
        "page": page,
        "filters": filter_words(page),
        "counted": counted,
        "needs_approval": _more,
        "back": f"{source.path}?{query}",
        "crumbs": [(source.title, f"{source.path}?{query}"), (_("Export"), "")],
    }
    return render(request, "core/export_new.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, source: ListSource, query: str, form: ExportForm) -> bool:
    try:
        export = asking.ask(actor=reader(request), source=source, query=query, **form.cleaned_data)
    except Conflict as refusal:
        form.add_error(None, refusal.message)
        return False
    waits = export.state == Export.State.ASKED
    messages.success(
        request, _("Sent to compliance for approval.") if waits else _("The file is being made.")
    )
    return True


@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """One's own files, and for those who approve the requests that wait."""
    demand(request, asking.ASK)
    person = reader(request)
    rows = [_row(export) for export in asking.own(person)[:SHOWN]]
    context = {"rows": rows, "live": any(row["is_made"] for row in rows)}
    if request.headers.get("HX-Target") == "my-exports":
        return trigger(render(request, "core/exports_own.html", context), "jobs-changed")
    if asking.may_decide(person):
        waiting = asking.to_decide()[:SHOWN]
        context["requests"] = [_row(export) | _mine(export, person) for export in waiting]
        context["decision"] = DecisionForm()
    return render(request, "core/exports.html", context)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approves or refuses a request, with the reason."""
    demand(request, asking.APPROVE)
    if not asking.may_decide(reader(request)):
        raise Http404
    export = get_object_or_404(asking.to_decide(), pk=pk)
    form = DecisionForm(request.POST)
    deeds = {"approve": asking.approve, "refuse": asking.refuse}
    deed = deeds.get(request.POST.get("decision", ""))
    if deed is None or not form.is_valid():
        messages.error(request, _("Say why."))
        return redirect("exports:list")
    try:
        deed(actor=reader(request), export=export, reason=form.cleaned_data["reason"])
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Decided."))
    return redirect("exports:list")


@require_GET
def fetch(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The file itself, for whoever asked for it and still may."""
    demand(request, asking.ASK)
    export = get_object_or_404(asking.own(reader(request)), pk=pk)
    listed_source(request, export.list_name)
    return delivered(asking.fetched(actor=reader(request), export=export))


def delivered(export: Export) -> StreamingHttpResponse:
    """The file's content, piece by piece."""
    kind = Export.Format(export.format)
    answer = StreamingHttpResponse(files.pieces(export), content_type=TYPES[kind])
    name = f"{export.list_name}-{export.made_at:%Y%m%d}-{export.pk}.{kind.value}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Length"] = str(export.size)
    answer["Cache-Control"] = "no-store"
    return answer


def _row(export: Export) -> dict[str, Any]:
    """A file with the words a table shows of it."""
    source = list_sources().get(export.list_name)
    ended = export.job.state if export.job and export.state == Export.State.MAKING else ""
    failed = ended in (Job.State.CANCELLED, Job.State.FAILED)
    return {
        "export": export,
        "is_made": export.state == Export.State.MAKING and not failed,
        "title": source.title if source else export.list_name,
        "filters": "; ".join(f"{label}: {words}" for label, words in export.described.get("filters", ())),
        "columns": ", ".join(export.described.get("columns", ())),
        "state": JOB_WORDS[ended] if failed else STATE_WORDS[export.state],
        "tone": "bad" if failed else TONES[export.state],
        "size": formats.number(export.size / 1024) if export.size else "",
    }


def _mine(export: Export, person: Any) -> dict[str, Any]:
    return {"is_own": asking.is_own(export, person)}
