"""How the service plan was kept: by unit and tier, month by month, as page and as file."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clients.filters import visible_branches
from core import formats
from core.charts import Chart, Series, trend
from core.sheets import XLSX, Sheets
from core.templatetags.ui import tier_names
from outreach.queries import kept as queries
from outreach.queries.kept import Line, Share
from staff.access import PersonRequest, needs
from staff.models import Unit


@require_GET
@needs("plans.view")
def kept(request: PersonRequest) -> HttpResponse:
    """Of the contacts due in a month, how many were made by their day; of all in sight, or of one branch."""
    months = queries.months(request.user)
    if not months:
        return render(request, "outreach/due/kept.html", {"months": []})
    branch, month = _branch(request), _month(request, months)
    lines = _lines(request, month, branch)
    rows = queries.figures(request.user, branch.code if branch else "")
    context: dict[str, Any] = {
        "months": months,
        "month": month,
        "branch": branch,
        "branches": visible_branches(request),
        "whole": queries.whole(lines),
        "lines": [
            (line, _cells(request, line, month, branch), _below(line, month, branch)) for line in lines
        ],
        "all": _cells(request, queries.whole(lines), month, branch, everybody=True),
        "chart": _chart(queries.by_month(rows, months[0])),
        "file": f"{reverse('worklists:kept_xlsx')}?{urlencode(_address(month, branch))}",
    }
    return render(request, "outreach/due/kept.html", context)


@require_GET
@needs("plans.view")
def kept_xlsx(request: PersonRequest) -> HttpResponse:
    """The same figures: a row a unit and tier; rates as exact numbers."""
    months = queries.months(request.user)
    if not months:
        raise Http404
    branch, month = _branch(request), _month(request, months)
    sheets, names = Sheets(), tier_names()
    sheet = sheets.sheet(f"{month:%Y-%m}", 6)
    unit = _("Client manager") if branch else _("Branch")
    sheets.head(sheet, [unit, _("Code"), _("Tier"), _("Contacts due"), _("Made by their day"), _("Kept")])
    for line in _lines(request, month, branch):
        for tier, share in line.tiers:
            if share.due:
                name = names.get(tier, tier)
                sheets.row(sheet, [line.name, line.code, name, share.due, share.kept, share.rate])
    response = HttpResponse(sheets.content(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="service-plan-{month:%Y-%m}.xlsx"'
    return response


def _lines(request: PersonRequest, month: date, branch: Unit | None) -> list[Line]:
    rows = queries.figures(request.user, branch.code if branch else "")
    return queries.by_manager(rows, month) if branch else queries.by_branch(rows, month)


def _branch(request: PersonRequest) -> Unit | None:
    """The branch whose managers are shown; 404 for one out of sight."""
    code = request.GET.get("unit", "")
    if not code:
        return None
    found: Unit | None = visible_branches(request).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _month(request: PersonRequest, months: list[date]) -> date:
    """The month asked for, if there are figures of it; else the newest."""
    asked = request.GET.get("month", "")
    return next((month for month in months if f"{month:%Y-%m}" == asked), months[0])


def _address(month: date, branch: Unit | None) -> dict[str, str]:
    return {"month": f"{month:%Y-%m}", **({"unit": branch.code} if branch else {})}


def _below(line: Line, month: date, branch: Unit | None) -> str:
    """A branch leads to its managers; a manager to nothing but the entries."""
    return "" if branch else f"?{urlencode({'month': f'{month:%Y-%m}', 'unit': line.code})}"


def _cells(
    request: PersonRequest, line: Line, month: date, branch: Unit | None, *, everybody: bool = False
) -> list[tuple[str, Share, str]]:
    """Tier, figures and the address of the entries that were not made; tier '' is the whole."""
    asked = {"list": "plan", "month": f"{month:%Y-%m}", "kept": "no"}
    if branch:
        asked |= {"unit": branch.code} | ({} if everybody else {"manager": line.code or "-"})
    elif not everybody:
        asked["unit"] = line.code
    link = request.user.may("tasks.view")
    here = reverse("worklists:list")
    shares = [("", line.whole), *line.tiers]
    return [
        (tier, share, f"{here}?{urlencode(asked | ({'tier': tier} if tier else {}))}" if link else "")
        for tier, share in shares
    ]


def _chart(past: list[tuple[date, Share]]) -> Chart | None:
    """The share kept, month by month; none before there are two months."""
    if len(past) < 2:
        return None
    labels = [formats.month(month) for month, _share in past]
    rates = [share.rate for _month, share in past]
    return trend(_("Contacts made by their day"), labels, [Series(_("Kept"), rates)], write=_percent)


def _percent(value: Any) -> str:
    return formats.percent(value, 0)
