"""Pages of imports: upload, columns, dry run, the job's state, failed rows as a file, undo."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.actions import imports as deeds
from clients.forms.imports import ImportUploadForm, MappingForm
from clients.importing.plans import RIGHT
from clients.models import ClientImport
from clients.queries import imports as queries
from core.errors import Conflict
from core.toasts import trigger
from staff.access import PersonRequest, needs

LISTED = 50
State = ClientImport.State
AT_WORK = (State.READING, State.CHECKING, State.WORKING, State.UNDOING)


@require_http_methods(["GET", "POST"])
@needs(RIGHT)
def import_list(request: PersonRequest) -> HttpResponse:
    """One's own imports; POST uploads a table."""
    form = ImportUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        table = form.cleaned_data["table"]
        try:
            made = deeds.receive_import(actor=request.user, name=table.name, chunks=table.chunks())
            return redirect("clients:import", made.pk)
        except Conflict as refusal:
            form.add_error("table", refusal.message)
    mine = ClientImport.objects.visible_to(request.user).order_by("-pk")[:LISTED]
    context = {"form": form, "imports": mine, "crumbs": _crumbs()}
    return render(request, "clients/imports.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(RIGHT)
def import_page(request: PersonRequest, pk: int) -> HttpResponse:
    """What the import waits for, does or did; POST names its columns."""
    made = _import(request, pk)
    form = _mapping(request, made)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            deeds.name_columns(
                actor=request.user, made=made, mapping=form.mapping(), branch=form.branch_code()
            )
            return redirect("clients:import", pk)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
    part = request.headers.get("HX-Target") == "import-state"
    name = "clients/import_state.html" if part else "clients/import.html"
    status = 422 if form is not None and form.errors else 200
    response = render(request, name, _context(made, form), status=status)
    return trigger(response, "jobs-changed") if part and made.state not in AT_WORK else response


@require_POST
@needs(RIGHT)
def start(request: PersonRequest, pk: int) -> HttpResponse:
    return _act(request, pk, deeds.start_import)


@require_POST
@needs(RIGHT)
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    return _act(request, pk, deeds.start_undo)


@require_GET
@needs(RIGHT)
def failed(request: PersonRequest, pk: int) -> StreamingHttpResponse:
    """The rows that were not done, with the same columns and the reason, as CSV."""
    made = _import(request, pk)
    answer = StreamingHttpResponse(queries.failed_lines(made), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{made.pk}-failed.csv"'
    return answer


def _import(request: PersonRequest, pk: int) -> ClientImport:
    made = ClientImport.objects.visible_to(request.user).select_related("job").filter(pk=pk).first()
    if made is None:
        raise Http404
    return made


def _mapping(request: PersonRequest, made: ClientImport) -> MappingForm | None:
    if made.state not in (State.MAPPING, State.CHECKED):
        return None
    return MappingForm(request.POST or None, made=made, person=request.user)


def _context(made: ClientImport, form: MappingForm | None) -> dict[str, Any]:
    shown = made.state in (State.CHECKED, State.DONE, State.UNDONE)
    words = {
        "create": _("New prospects"), "update": _("Records changed"), "skip": _("Nothing to change"),
        "fail": _("Rows with a fault"), "undone": _("Taken back"), "stayed": _("Stay as they are"),
    }  # fmt: skip
    groups = [
        {"does": does, "words": words[does], "count": count, "samples": queries.samples(made, does)}
        for does, count in queries.counted(made)
    ]
    return {
        "made": made,
        "form": form,
        "groups": groups if shown else [],
        "first_rows": queries.first_rows(made) if form is not None else [],
        "is_working": made.state in AT_WORK,
        "has_failed": shown and any(made.counts.get(does) for does in queries.FAILED),
        "may_undo": deeds.may_undo(made),
        "crumbs": _crumbs(made.name),
    }


def _act(request: PersonRequest, pk: int, deed: Any) -> HttpResponse:
    try:
        deed(actor=request.user, made=_import(request, pk))
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("clients:import", pk)


def _crumbs(last: str = "") -> list[tuple[str, str]]:
    here = (_("Imports"), reverse("clients:imports") if last else "")
    found = [(_("Clients"), reverse("clients:list")), here]
    return [*found, (last, "")] if last else found
