"""The queue, the board, opening a case, and its page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cases.actions import working
from cases.actions.cases import link_conversation, open_case
from cases.filters import CaseFilters
from cases.forms.cases import CaseForm, NewCaseForm, initial_of, put_errors, type_choices
from cases.forms.deeds import ClassifyForm, DecideForm, FilesForm, GiveForm, NoteForm
from cases.lists.cases import CaseList
from cases.models import TRANSITIONS, Case, State, TypeVersion
from cases.queries import advice, explain, listed, reading
from cases.queries.beside import happened, linked_of, topic_of
from cases.queries.files import files_of
from cases.queries.reach import may_lead
from cases.queries.ways import about_of, line_for
from clients.models import Client
from core.errors import Refusal
from interactions.models import Conversation
from interactions.queries.surveys import surveys_about
from staff.access import PersonRequest, needs


@require_GET
@needs("cases.view")
def case_list(request: PersonRequest) -> HttpResponse:
    return CaseList(request, listed.cases_of(request.user)).render("cases/list.html")


@require_GET
@needs("cases.view")
def board(request: PersonRequest) -> HttpResponse:
    """The same filters as the list's, in columns by state."""
    filters = CaseFilters(request.GET, queryset=listed.cases_of(request.user), request=request)
    rows: Any = filters.qs if filters.form.is_valid() else Case.objects.none()
    context = {
        "columns": listed.board(rows),
        "whose": request.GET.get("whose", ""),
        "may_work": request.user.may("cases.work"),
        "ways": {str(state): [str(way) for way in ways] for state, ways in TRANSITIONS.items()},
    }
    return render(request, "cases/board.html", context)


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def case_new(request: PersonRequest) -> HttpResponse:
    """First the type is chosen, then its form is filled in."""
    client, talk = _client(request), _talk(request)
    client = client or (talk.client if talk else None)
    versions = type_choices()
    chosen = next((one for one in versions if one.type.code == request.GET.get("type")), versions[0])
    initial = {"channel": talk.channel if talk else "", "subject": talk.subject if talk else ""}
    form = NewCaseForm(request, request.POST or None, version=chosen, client=client, initial=initial)
    if request.method == "POST" and form.is_valid():
        case = _opened(request, form, chosen, client, talk)
        if case is not None:
            messages.success(request, _("Case %(number)s is open.") % {"number": case.number})
            return redirect(case)
    context = {"form": form, "versions": versions, "chosen": chosen, "client": client, "talk": talk}
    return render(request, "cases/new.html", context, status=422 if form.errors else 200)


def _opened(
    request: PersonRequest, form: NewCaseForm, version: TypeVersion, client: Client | None,
    talk: Conversation | None,
) -> Case | None:  # fmt: skip
    told = form.cleaned_data
    try:
        return open_case(
            actor=request.user, client=client, kind=version.type.code, subject=told["subject"],
            text=told["text"], channel=told["channel"], unit=told.get("unit"), conversation=talk,
            fields=form.answers(), owner=request.user if request.POST.get("mine") else None,
        )  # fmt: skip
    except ValidationError as error:
        put_errors(form, error)
        return None


def _client(request: PersonRequest) -> Client | None:
    number = request.GET.get("client", "")
    if not number:
        return None
    return get_object_or_404(Client.objects.visible_to(request.user), client_no=number)


def _talk(request: PersonRequest) -> Conversation | None:
    number = request.GET.get("conversation", "")
    if not number:
        return None
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        raise Http404
    return get_object_or_404(Conversation.objects.visible_to(request.user), pk=int(number))


def visible_case(request: PersonRequest, pk: int) -> Case:
    """404 outside the reader's sight."""
    return get_object_or_404(listed.cases_of(request.user), pk=pk)


@require_GET
@needs("cases.view")
def detail(request: PersonRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    clocks, linked = explain.clocks_of(case), linked_of(case, request.user)
    context = {
        "case": case,
        "text": reading.text_of(case),
        "result": reading.result_of(case),
        "answers": reading.answered(case),
        "notes": reading.notes_of(case),
        "clocks": clocks,
        "next": advice.next_step(case, [one.clock for one in clocks], request.user),
        "happened": happened(case),
        "linked": linked,
        "surveys": surveys_about(about_of(case)),
        "topic": topic_of(case, linked),
        "files": files_of(case),
        "knows": request.user.may("knowledge.view"),
        **_deeds(request, case),
    }
    return render(request, "cases/detail.html", context)


def _deeds(request: PersonRequest, case: Case) -> dict[str, Any]:
    """What the reader may do to the case."""
    user = request.user
    works = user.may("cases.work") and case.merged_into_id is None
    leads = works and may_lead(user, case)
    told: dict[str, Any] = {
        "works": works,
        "leads": leads,
        "ways": [(str(way), way.label) for way in map(State, TRANSITIONS[case.state])] if works else [],
        "steps": [(one, one["key"] in case.ticked) for one in case.type_version.steps],
        "watches": case.watchers.filter(person=user).exists(),
    }
    if works:
        told["files_form"] = FilesForm()
        told["note_form"] = NoteForm(case=case, can_send=line_for(case) is not None)
        told["give_form"] = GiveForm(case=case) if leads or case.owner_id == user.pk else None
        told["incidents"] = listed.incidents_of(user).exclude(state="closed")[:20] if leads else []
    if case.is_complaint:
        told |= _complaint(case, works)
    return told


def _complaint(case: Case, works: bool) -> dict[str, Any]:
    complaint = case.complaint
    return {
        "complaint": complaint,
        "decision": complaint.decisions.select_related("decided_by").first(),
        "recusals": case.recusals.select_related("person"),
        "classify_form": ClassifyForm(instance=complaint) if works else None,
        "decide_form": DecideForm(),
        "packs": complaint.packs.all()[:5],
    }


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """What was typed stays in the form when somebody else was faster."""
    case = visible_case(request, pk)
    initial = initial_of(case, reading.text_of(case), reading.answers_of(case))
    form = CaseForm(request.POST or None, version=case.type_version, client=case.client, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _edited(request, case, form)
                return redirect(case)
            except ValidationError as error:
                put_errors(form, error)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
    version = request.POST.get("version", case.version)
    context = {"case": case, "form": form, "version": version, "now": reading.text_of(case)}
    return render(request, "cases/edit.html", context, status=status)


def _edited(request: PersonRequest, case: Case, form: CaseForm) -> None:
    told = form.cleaned_data
    working.edit(
        actor=request.user, case=case, version=number(request.POST.get("version", "")),
        subject=told["subject"], text=told["text"], priority=told["priority"], fields=form.answers(),
    )  # fmt: skip
    messages.success(request, _("Saved."))


def number(text: str) -> int:
    """A whole number somebody sent; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_GET
@needs("cases.view")
def of_client(request: PersonRequest, client_no: str) -> HttpResponse:
    """The client page's tab."""
    client = get_object_or_404(Client.objects.visible_to(request.user), client_no=client_no)
    context = {
        "client": client,
        "cases": listed.cases_of_client(request.user, client),
        "may_open": request.user.may("cases.work"),
    }
    return render(request, "cases/client.html", context)


@require_http_methods(["GET", "POST"])
@needs("cases.view")
def of_conversation(request: PersonRequest, pk: int) -> HttpResponse:
    """Beside a conversation: its cases, the open ones of whoever speaks; POST adds it to one."""
    talk = get_object_or_404(Conversation.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        if not request.user.may("cases.work"):
            raise PermissionDenied
        case = visible_case(request, number(request.POST.get("case", "")))
        link_conversation(actor=request.user, case=case, conversation=talk)
    cases = listed.cases_of_conversation(request.user, talk)
    linked = set(talk.case_links.values_list("case_id", flat=True))
    context = {
        "talk": talk,
        "cases": [(case, case.pk in linked) for case in cases],
        "may_open": request.user.may("cases.work"),
    }
    return render(request, "cases/conversation.html", context)
