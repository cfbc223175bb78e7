"""Pages of callback programmes: which there are, one with its versions, writing and deciding."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from outreach import questions
from outreach.actions import programmes as deeds
from outreach.forms.programmes import ProgrammeForm, QuestionForms, initial_of, questions_of, terms_of
from outreach.models import CallbackKind, CallbackProgramme
from outreach.queries import programmes as queries
from outreach.views.session import add_errors
from staff.access import PersonRequest, needs

DEEDS: dict[str, tuple[Callable[..., Any], str]] = {
    "propose": (deeds.propose, "callbacks.manage"),
    "send-back": (deeds.send_back, "callbacks.approve"),
    "approve": (deeds.approve, "callbacks.approve"),
    "retire": (deeds.retire, "callbacks.manage"),
    "drop": (deeds.drop_draft, "callbacks.manage"),
}


@require_GET
@needs("callbacks.view")
def programme_list(request: PersonRequest) -> HttpResponse:
    """Of every kind what is in force; programmes are the firm's, so whoever calls reads them all."""
    return render(request, "outreach/callbacks/programmes.html", {"programmes": queries.newest_by_kind()})


@require_GET
@needs("callbacks.view")
def programme(request: PersonRequest, kind: str) -> HttpResponse:
    """What is in force, what is being written, and all versions."""
    versions = _versions(kind)
    written = queries.being_written(versions)
    context = {
        "shown": queries.shown(versions), "written": written, "versions": versions,
        "asked": _asked(queries.shown(versions)), "asked_next": _asked(written) if written else [],
        "own": written is not None and written.author_id == request.user.pk,
        "may_write": holds(request, "callbacks.manage"), "may_approve": holds(request, "callbacks.approve"),
    }  # fmt: skip
    return render(request, "outreach/callbacks/programme.html", context)


@require_http_methods(["GET", "POST"])
@needs("callbacks.manage")
def programme_edit(request: PersonRequest, kind: str) -> HttpResponse:
    """Changes the draft, or begins the next version from the newest one."""
    if not holds(request, "callbacks.manage"):
        raise PermissionDenied
    newest, posted = _versions(kind)[0], request.POST if request.method == "POST" else None
    form = ProgrammeForm(posted, kind=kind, initial=initial_of(newest))
    asked = QuestionForms(posted, initial=questions_of(newest), prefix="questions")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and asked.is_valid():
            try:
                version = form.cleaned_data["version"] or 0
                deeds.write(actor=request.user, kind=kind, version=version, told=terms_of(form, asked))
            except ValidationError as error:
                add_errors(form, error)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect("callbacks:programme", kind)
    context = {"form": form, "asked": asked, "newest": newest}
    return render(request, "outreach/callbacks/programme_edit.html", context, status=status)


@require_POST
@needs("callbacks.approve")
def programme_deed(request: PersonRequest, kind: str, name: str) -> HttpResponse:
    """Propose, send back, approve, retire or drop; each with the version of the page."""
    _versions(kind)
    if name not in DEEDS:
        raise Http404
    deed, right = DEEDS[name]
    if not holds(request, right):
        raise PermissionDenied
    given = request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    more = {"reason": request.POST.get("reason", "")} if name == "send-back" else {}
    try:
        deed(actor=request.user, kind=kind, version=version, **more)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("callbacks:programme", kind)


def holds(request: PersonRequest, right: str) -> bool:
    """Whether the reader holds the right for the whole firm, as programmes are the firm's."""
    return bool(request.user.may(right) and request.user.scope_for(right).firm)


def _versions(kind: str) -> list[CallbackProgramme]:
    versions = queries.versions_of(kind) if kind in CallbackKind.values else []
    if not versions:
        raise Http404
    return versions


def _asked(row: CallbackProgramme) -> list[dict[str, Any]]:
    """The questions in words: what is asked, the answers, and which of them are exceptions."""
    return [
        {
            "words": questions.words_of(one), "required": one["required"], "kind": one["kind"],
            "answers": [words for _value, words in questions.choices_of(one)],
            "exceptions": [questions.spoken(one, answer) for answer in one["exceptions"]],
        }
        for one in row.questions
    ]  # fmt: skip
