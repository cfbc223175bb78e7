"""Thresholds of the service levels: what holds today, what is to come, and a new one from a day on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refusal
from interactions.actions import thresholds as deeds
from interactions.forms.thresholds import ThresholdForm
from interactions.models import ServiceThreshold, TierBand
from interactions.queries import thresholds as queries
from staff.access import PersonRequest, needs


@require_http_methods(["GET", "POST"])
@needs("desk.rules")
def thresholds(request: PersonRequest) -> HttpResponse:
    """Everybody with the right reads them; whoever speaks for the whole firm sets them."""
    form = ThresholdForm(_sent(request))
    if form.is_valid():
        try:
            deeds.set_threshold(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_settings:thresholds")
    today = timezone.localdate()
    context = {
        "rows": queries.in_force(today), "coming": queries.to_come(today), "bands": TierBand.labels,
        "form": form if queries.may_set(request.user) else None,
    }  # fmt: skip
    page = "interactions/settings/thresholds.html"
    return render(request, page, context, status=422 if form.errors else 200)


@require_POST
@needs("desk.rules")
def threshold_withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    threshold = get_object_or_404(ServiceThreshold, pk=pk)
    try:
        deeds.withdraw_threshold(actor=request.user, threshold=threshold)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Taken back."))
    return redirect("desk_settings:thresholds")


def _sent(request: PersonRequest) -> Any:
    """What was sent, by whoever may set thresholds."""
    if request.method == "GET":
        return None
    if not queries.may_set(request.user):
        raise PermissionDenied
    return request.POST
