"""The page that tries other weights, constants and targets beside the cards of all units of a type."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.sheets import XLSX
from kpis.exports.tables import indicator_words
from kpis.exports.whatif import whatif_xlsx
from kpis.forms import WhatIfForm
from kpis.models import UnitType
from kpis.queries import pages
from kpis.queries.schemes import open_drafts, versions
from kpis.queries.whatif import Outcome, base_scheme, try_out
from kpis.rules import Period
from kpis.views.common import chosen_period, period_bar
from staff.access import PersonRequest, needs


@require_GET
@needs("kpis.view")
def what_if(request: PersonRequest) -> HttpResponse:
    """Everything tried stands in the address, so that it can be shared; nothing is stored."""
    known = pages.known_periods()
    period = chosen_period(request, known)
    if period is None:
        return render(request, "kpis/empty.html")
    unit_type, form = _asked(request, period)
    valid = form.is_valid()
    outcome = try_out(request.user, period, unit_type, form.trial()) if valid else None
    context = {
        **period_bar(known, period, [], ""),
        "form": form,
        "outcome": outcome,
        "words": indicator_words(),
        "unit_type": unit_type,
        "unit_types": UnitType.choices,
        "base": request.GET.get("base", ""),
        "bases": _bases(request),
        "address": urlencode(_told(request.GET)),
        "may_draft": request.user.may("kpis.schemes") and valid,
    }
    return render(request, "kpis/whatif.html", context, status=200 if valid else 422)


@require_GET
@needs("kpis.view")
def what_if_xlsx(request: PersonRequest) -> HttpResponse:
    period = chosen_period(request, pages.known_periods())
    if period is None:
        raise Http404
    unit_type, form = _asked(request, period)
    if not form.is_valid():
        raise Http404
    outcome: Outcome = try_out(request.user, period, unit_type, form.trial())
    name = f"what-if-{period.name}-{unit_type}.xlsx"
    return HttpResponse(
        whatif_xlsx(outcome),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked(request: PersonRequest, period: Period) -> tuple[str, WhatIfForm]:
    unit_type = request.GET.get("type", UnitType.BRANCH)
    scheme = base_scheme(request.user, request.GET.get("base", ""), period)
    if unit_type not in UnitType.values or scheme is None:
        raise Http404
    return unit_type, WhatIfForm(request.GET, scheme=scheme)


def _bases(request: PersonRequest) -> list[tuple[str, str]]:
    """Schemes to begin from: the one that serves, any version, drafts in sight."""
    found = [("", _("The scheme that serves the period"))]
    found += [
        (f"version:{one.number}", _("Version %(number)s") % {"number": one.number}) for one in versions()
    ]
    words = _("Draft of version %(number)s")
    found += [
        (f"draft:{one.pk}", f"{words % {'number': one.as_rules().number}} ({one.edited_by.name})")
        for one in open_drafts(request.user)
    ]
    return found


def _told(query: QueryDict) -> dict[str, Any]:
    """The address without its empty fields."""
    return {name: value for name, value in query.items() if value}
