"""Pages of bulk deeds: choose rows, look at what would happen, start, watch, report, take back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.bulk import choosing, working
from core.bulk.deeds import BulkDeed, BulkForm
from core.bulk.outcome import failures, outcome, percent, report_lines
from core.errors import Conflict
from core.guards import demand, listed_source, reader
from core.lists.page import ListPage
from core.lists.sources import ListSource
from core.models import BulkRun
from core.registry import bulk_deeds
from core.toasts import trigger

SAMPLE = 10
FAILURES_SHOWN = 50


@require_POST
def choose(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """Freezes what was chosen on the list and leads to the preview."""
    source = listed_source(request, name)
    deed = _deed(source.name, key)
    demand(request, deed.right)
    everything = bool(request.POST.get("everything"))
    query = request.POST.get("query", "")
    try:
        run = choosing.choose(
            actor=reader(request),
            source=source,
            deed=deed,
            ids=_numbers(request.POST.get("ids", "")),
            query=query if everything else None,
        )
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{source.path}?{query}")
    return redirect("bulk:run", run.pk)


@require_http_methods(["GET", "POST"])
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with its form, what it would leave out and a sample; or a run with what came of it."""
    run, source, deed = _run(request, pk)
    if run.phase == BulkRun.Phase.DRAFT:
        return _draft(request, run, source, deed)
    return _state(request, run, source, deed)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the run back, as a job."""
    run, _source, deed = _run(request, pk)
    return _act(request, run, lambda: working.start_undo(actor=reader(request), run=run, deed=deed))


@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes up what a cancelled or failed job left."""
    run, _source, deed = _run(request, pk)
    return _act(request, run, lambda: working.go_on(actor=reader(request), run=run, deed=deed))


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The rows that were left out, with their reasons, as CSV."""
    run, source, _deed_of = _run(request, pk)
    answer = StreamingHttpResponse(
        report_lines(run, source, reader(request)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="bulk-{run.pk}.csv"'
    return answer


def _draft(request: HttpRequest, run: BulkRun, source: ListSource, deed: BulkDeed) -> HttpResponse:
    person = reader(request)
    posted = request.method == "POST"
    form = deed.form(request.POST if posted else None, person=person)
    asks = bool(form.fields)
    checked = form.is_valid() if posted else not asks
    if posted and checked and "start" in request.POST:
        return _start(request, run, deed, form)
    rows = choosing.chosen_rows(run, source, deed, person)
    data = form.frozen() if posted and checked else {}
    context = {
        **_words(run, source, deed),
        "form": form,
        "checked": checked,
        "left_out": deed.preview(rows, data, person) if checked else (),
        "sample": _sample(source, rows, person),
    }
    return render(request, "core/bulk_draft.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest, run: BulkRun, deed: BulkDeed, form: BulkForm) -> HttpResponse:
    def begin() -> None:
        working.start(actor=reader(request), run=run, deed=deed, form=form)

    return _act(request, run, begin)


def _sample(source: ListSource, rows: Any, person: Any) -> dict[str, Any]:
    """The first few of the chosen rows as the list shows them."""
    page: ListPage = source.page_for(person)
    return {"columns": page.shown_columns, "rows": page.cells(list(page.read(rows.order_by("pk"))[:SAMPLE]))}


def _state(request: HttpRequest, run: BulkRun, source: ListSource, deed: BulkDeed) -> HttpResponse:
    came, working_now = outcome(run), working.is_working(run)
    context = {
        **_words(run, source, deed),
        "came": came,
        "percent": percent(run, came),
        "working": working_now,
        "may_undo": working.may_undo(run, deed),
        "may_go_on": not working_now and working.left(run).exists(),
        "failures": _some_failures(run, source, reader(request)) if came.failed or came.stayed else [],
    }
    part = request.headers.get("HX-Target") == "bulk-state"
    response = render(request, "core/bulk_state.html" if part else "core/bulk_run.html", context)
    return trigger(response, "jobs-changed") if part else response


def _some_failures(run: BulkRun, source: ListSource, person: Any) -> list[Any]:
    found = failures(run, source, person)
    return [one for one, _number in zip(found, range(FAILURES_SHOWN), strict=False)]


def _words(run: BulkRun, source: ListSource, deed: BulkDeed) -> dict[str, Any]:
    back = f"{source.path}?{run.query}"
    title = _(deed.title)
    return {
        "run": run,
        "deed": deed,
        "title": title,
        "can_be_undone": deed.undo is not None,  # a template would call it
        "list_title": source.title,
        "back": back,
        "crumbs": [(source.title, back), (title, "")],
    }


def _act(request: HttpRequest, run: BulkRun, do: Any) -> HttpResponse:
    try:
        do()
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("bulk:run", run.pk)


def _run(request: HttpRequest, pk: int) -> tuple[BulkRun, ListSource, BulkDeed]:
    """An own run; 404 for those of others, 403 for those who have lost the right."""
    found = choosing.own_run(reader(request), pk)
    if found is None:
        raise Http404
    return found


def _deed(list_name: str, key: str) -> BulkDeed:
    deed = next((deed for deed in bulk_deeds(list_name) if deed.key == key), None)
    if deed is None:
        raise Http404
    return deed


def _numbers(text: str) -> list[int]:
    """Ids between commas; whatever is no number is left out."""
    return [int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 19]
