"""What a campaign brought, as a chart and as files."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import formats, pdf
from core.charts import Chart, Series, bars
from core.sheets import XLSX, Sheets
from outreach.models import Campaign
from outreach.queries import campaign_report as report
from outreach.queries import campaign_results as results
from outreach.queries import campaigns as queries
from outreach.queries.campaign_results import Compared
from staff.access import PersonRequest, needs


def result_chart(lines: list[Compared]) -> Chart:
    """Shares that met the target, of everybody and of each tier, contacted beside control."""
    shown = [line for line in lines if line.kind != "unit"]
    series = [
        Series(_("Contacted group"), [line.treated.rate for line in shown]),
        Series(_("Control group"), [line.control.rate for line in shown], tone="c4"),
    ]
    names = [line.name for line in shown]
    return bars(_("Share that met the target"), names, series, write=formats.percent, height=220)


@require_GET
@needs("campaigns.view")
def result_file(request: PersonRequest, pk: int) -> HttpResponse:
    """Result, way there, reasons and what the campaign was, as XLSX: counts only, of clients in sight."""
    held = _evaluated(request, pk)
    return _file(held, "xlsx", XLSX, _workbook(request.user, held))


@require_GET
@needs("campaigns.view")
def result_report(request: PersonRequest, pk: int) -> HttpResponse:
    """The same as PDF, to be read and filed."""
    held = _evaluated(request, pk)
    content = pdf.render(report.TEMPLATE, report.content_of(held, request.user))
    return _file(held, "pdf", "application/pdf", content)


def _evaluated(request: PersonRequest, pk: int) -> Campaign:
    """404 also while it is evaluated anew."""
    held = get_object_or_404(queries.listed(request.user), pk=pk, state=Campaign.State.EVALUATED)
    if held.is_working:
        raise Http404
    return held


def _file(campaign: Campaign, ending: str, kind: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="campaign-{campaign.pk}.{ending}"'
    return response


def _workbook(user: Any, campaign: Campaign) -> bytes:
    sheets, told = Sheets(), results.figures(user, campaign)
    head = [
        _("Group"), _("Contacted group"), _("Met the target"), _("Control group"), _("Met the target"),
        _("Difference"), _("95 % from"), _("95 % to"),
    ]  # fmt: skip
    sheet = sheets.sheet(_("Result"), len(head))
    sheets.head(sheet, head)
    for line in told.compared:
        sheets.row(sheet, _row(line))
    _pairs(sheets, _("How far it came"), report.way(told))
    _pairs(sheets, _("Left out because"), [(one.words, one.count) for one in told.left_out])
    _pairs(sheets, _("The campaign"), report.facts(campaign))
    return sheets.content()


def _row(line: Compared) -> list[Any]:
    said = line.said
    difference = [said.value, said.low, said.high] if said else [_("Too few clients to say"), "", ""]
    treated, control = line.treated, line.control
    return [line.name, treated.size, treated.hits, control.size, control.hits, *difference]


def _pairs(sheets: Sheets, title: Any, rows: list[tuple[Any, Any]]) -> None:
    sheet = sheets.sheet(str(title), 2)
    for row in rows:
        sheets.row(sheet, row)
