"""The types of cases: what they ask, their steps and their times."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cases.actions import settings as deeds
from cases.forms.cases import put_errors
from cases.forms.settings import (
    ClockLines,
    FieldLines,
    StepLines,
    TypeForm,
    lines_of,
    told_fields,
    told_steps,
    told_times,
)
from cases.models import TypeVersion
from cases.queries.settings import may_keep
from cases.queries.types import version_of, versions_in_force
from core.errors import Refusal
from staff.access import PersonRequest, needs

LINES: dict[str, Any] = {"fields": FieldLines, "steps": StepLines, "times": ClockLines}


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
    sets: dict[str, Any] = {
        name: made(posted, initial=lines[name], prefix=name) for name, made in LINES.items()
    }
    status = 200
    if request.method == "POST":
        status = 422
        if all([form.is_valid(), *(one.is_valid() for one in sets.values())]):
            status = _save(request, version, form, sets)
            if status == 200:
                messages.success(request, _("Saved."))
                return redirect("cases:type", code)
    return render(request, "cases/type.html", {"version": version, "form": form, **sets}, status=status)


def _save(request: PersonRequest, version: TypeVersion, form: TypeForm, sets: dict[str, Any]) -> int:
    try:
        deeds.new_version(
            actor=request.user, type=version.type, fields=told_fields(sets["fields"]),
            steps=told_steps(sets["steps"]), times=told_times(sets["times"]), **form.cleaned_data,
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
