"""The types of cases: what they ask, their steps and their times."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cases.actions import settings as deeds
from cases.forms.cases import put_errors
from cases.forms.settings import (
    FieldLines,
    StepLines,
    TypeForm,
    lines_of,
    told_fields,
    told_seconds,
    told_steps,
)
from cases.models import TypeVersion
from cases.queries.settings import may_keep, times_of
from cases.queries.types import version_of, versions_in_force
from core.errors import Refusal
from staff.access import PersonRequest, needs


@require_GET
@needs("cases.settings")
def type_list(request: PersonRequest) -> HttpResponse:
    _demand(request)
    return render(request, "cases/types.html", {"versions": versions_in_force()})


@require_http_methods(["GET", "POST"])
@needs("cases.settings")
def type_edit(request: PersonRequest, code: str) -> HttpResponse:
    """Saving makes the next version; cases keep the one they were opened under."""
    _demand(request)
    version = version_of(code) or get_object_or_404(TypeVersion, pk=0)
    posted, lines = request.POST or None, lines_of(version)
    names = {"name_zh": version.name_zh, "name_en": version.name_en, "number": version.number}
    form = TypeForm(posted, initial=names)
    fields = FieldLines(posted, initial=lines["fields"], prefix="fields")
    steps = StepLines(posted, initial=lines["steps"], prefix="steps")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and fields.is_valid() and steps.is_valid():
            status = _save(request, version, form, fields, steps)
            if status == 200:
                messages.success(request, _("Saved."))
                return redirect("cases:type", code)
    context = {"version": version, "form": form, "fields": fields, "steps": steps, "times": times_of(version)}
    return render(request, "cases/type.html", context, status=status)


def _save(request: PersonRequest, version: TypeVersion, form: TypeForm, fields: object, steps: object) -> int:
    try:
        deeds.new_version(
            actor=request.user, type=version.type, fields=told_fields(fields), steps=told_steps(steps),
            seconds=told_seconds(request.POST.dict()), **form.cleaned_data,
        )  # fmt: skip
    except ValidationError as error:
        put_errors(form, error)
        return 422
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return refusal.status
    return 200


def _demand(request: PersonRequest) -> None:
    if not may_keep(request.user):
        raise PermissionDenied
