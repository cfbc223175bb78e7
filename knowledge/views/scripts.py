"""Pages of scripts: the list, one script with its history, writing and deciding, and the desk's panel."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from knowledge.actions import scripts as actions
from knowledge.forms.scripts import ScriptForm, StepForms, initial_of, wording
from knowledge.lists.scripts import ScriptList, with_words
from knowledge.models import Script, ScriptVersion
from knowledge.queries import scripts as queries
from staff.access import PersonRequest, needs

DEEDS: dict[str, Callable[..., Any]] = {
    "propose": actions.propose,
    "send-back": actions.send_back,
    "approve": actions.approve,
    "retire": actions.retire,
    "drop": actions.drop_draft,
}


@require_GET
@needs("desk.work")
def script_list(request: PersonRequest) -> HttpResponse:
    """Scripts are the firm's: everybody at a desk reads all of them."""
    return ScriptList(request, queries.shown_versions()).render("knowledge/list.html")


@require_GET
@needs("desk.work")
def script_for(request: PersonRequest) -> HttpResponse:
    """The desk's panel: what to say and to check in a conversation of this category, tier and channel.

    script, step and reason: what was shown, ticked and written before; it stays while the script does.
    """
    # a NUL is in no code, and PostgreSQL refuses to compare with it
    asked = {name: request.GET.get(name, "").replace("\0", "") for name in ("category", "tier", "channel")}
    found = queries.script_for(parents=queries.parents_of(asked["category"]), **asked)
    same = found is not None and found.name == request.GET.get("script")
    ticked = request.GET.getlist("step") if same else []
    demands = found is not None and any(step["required"] for step in found.steps)
    reason = request.GET.get("reason", "") if same else ""
    context = {"version": found, "ticked": ticked, "demands": demands, "reason": reason}
    return render(request, "knowledge/panel.html", context)


@require_GET
@needs("desk.work")
def detail(request: PersonRequest, code: str) -> HttpResponse:
    """What is in force, what is being written and how it differs, and all versions."""
    script = get_object_or_404(Script, code=code)
    versions, words = with_words(queries.versions_of(script)), queries.names()
    written = next((one for one in versions if one.is_being_written), None)
    shown = next((one for one in versions if one.state == ScriptVersion.State.IN_FORCE), versions[0])
    context = {
        "script": script,
        "shown": shown,
        "written": written,
        "changes": queries.difference(_before(written, versions), written, words) if written else [],
        "history": [(one, queries.difference(_before(one, versions), one, words)) for one in versions],
        "own": written is not None and written.author_id == request.user.pk,
        "may_write": request.user.may("desk.rules"),
    }
    return render(request, "knowledge/detail.html", context)


def _before(version: ScriptVersion, versions: list[ScriptVersion]) -> ScriptVersion | None:
    return next((one for one in versions if one.number < version.number), None)


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def script_new(request: PersonRequest) -> HttpResponse:
    def write(form: ScriptForm, told: actions.Wording) -> ScriptVersion:
        return actions.draft_script(actor=request.user, code=form.cleaned_data["code"], told=told)

    return _write(request, None, write)


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def script_edit(request: PersonRequest, code: str) -> HttpResponse:
    """Changes the draft, or begins the next version from the newest one."""
    script = get_object_or_404(Script, code=code)

    def write(form: ScriptForm, told: actions.Wording) -> ScriptVersion:
        version = form.cleaned_data["version"] or 0
        return actions.change_draft(actor=request.user, script=script, version=version, told=told)

    return _write(request, script, write)


@require_POST
@needs("desk.rules")
def script_deed(request: PersonRequest, code: str, deed: str) -> HttpResponse:
    """Propose, send back, approve, retire or drop; each with the version of the page."""
    script = get_object_or_404(Script, code=code)
    if deed not in DEEDS:
        raise Http404
    given = request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    more = {"reason": request.POST.get("reason", "")} if deed == "send-back" else {}
    try:
        stays = DEEDS[deed](actor=request.user, script=script, version=version, **more)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
        if stays is False:
            return redirect("scripts:list")
    return redirect(script)


Write = Callable[[ScriptForm, actions.Wording], ScriptVersion]


def _write(request: PersonRequest, script: Script | None, write: Write) -> HttpResponse:
    """Shows the form, or does what it says and goes to the script."""
    form, steps = _forms(request, script)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and steps.is_valid():
            try:
                written = write(form, wording(form, steps))
            except ValidationError as error:
                _add(form, error)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect(written.script)
    context = {"form": form, "steps": steps, "script": script, "back": _back(script)}
    return render(request, "knowledge/edit.html", context, status=status)


def _forms(request: PersonRequest, script: Script | None) -> tuple[ScriptForm, forms.BaseFormSet]:
    posted = request.POST if request.method == "POST" else None
    newest = queries.versions_of(script)[0] if script else None
    form = ScriptForm(posted, initial=initial_of(newest) if newest else None, known=script is not None)
    return form, StepForms(posted, initial=newest.steps if newest else None, prefix="steps")


def _add(form: ScriptForm, error: ValidationError) -> None:
    """The rules' faults on their fields; what has no field of its own stands above the form."""
    for field, faults in error.message_dict.items():
        form.add_error(field if field in form.fields else None, faults)


def _back(script: Script | None) -> str:
    return script.get_absolute_url() if script else reverse("scripts:list")
