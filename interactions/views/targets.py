"""Targets of the service levels: what holds today, what is to come, and a new one from a day on."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import formats
from core.errors import Refusal
from interactions.actions import targets as deeds
from interactions.forms.targets import TargetForm
from interactions.models import LevelTarget
from interactions.queries import targets as queries
from staff.access import PersonRequest, needs


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def targets(request: PersonRequest) -> HttpResponse:
    """The firm's and those of one's own units; a lead sets the own units', headquarters all."""
    person, today = request.user, timezone.localdate()
    firm = person.scope_for("desk.rules").firm
    form = TargetForm(request.POST or None, units=queries.settable_units(person), firm=firm)
    if form.is_valid():
        try:
            deeds.set_target(actor=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_settings:targets")
    context = {
        "rows": [_line(person, row) for row in queries.seen_by(person, queries.all_on(today))],
        "coming": [_line(person, row) for row in queries.seen_by(person, queries.to_come(today))],
        "form": form,
    }  # fmt: skip
    page = "interactions/settings/targets.html"
    return render(request, page, context, status=422 if form.errors else 200)


@require_POST
@needs("desk.rules")
def target_withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    target = LevelTarget.objects.filter(pk=pk).select_related("unit").first()
    if target is None or not queries.seen_by(request.user, [target]):
        raise Http404
    if not queries.may_set(request.user, target.unit_id):
        raise PermissionDenied
    try:
        deeds.withdraw_target(actor=request.user, target=target)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Taken back."))
    return redirect("desk_settings:targets")


def _line(person: Any, row: LevelTarget) -> dict[str, Any]:
    """A row as the page shows it."""
    return {
        "row": row, "target": written(row, row.target), "limit": written(row, row.limit),
        "mine": queries.may_set(person, row.unit_id),
    }  # fmt: skip


def written(row: LevelTarget, value: Decimal) -> str:
    """The value in the figure's measure."""
    if row.figure in LevelTarget.IN_SECONDS:
        return _("%(seconds)s s") % {"seconds": formats.number(value)}
    return formats.number(value) if row.figure == LevelTarget.Figure.NPS else formats.percent(value)
