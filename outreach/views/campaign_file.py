"""What a campaign brought, as a chart and as a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import formats
from core.charts import Chart, Series, bars
from core.sheets import XLSX, Sheets
from outreach.models import Campaign
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
    """Result, way there and reasons as XLSX: counts only, of clients in sight."""
    held = get_object_or_404(queries.listed(request.user), pk=pk, state=Campaign.State.EVALUATED)
    response = HttpResponse(_workbook(request.user, held), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="campaign-{held.pk}.xlsx"'
    return response


def _workbook(user: Any, campaign: Campaign) -> bytes:
    sheets = Sheets()
    head = [
        _("Group"), _("Contacted group"), _("Met the target"), _("Control group"), _("Met the target"),
        _("Difference"), _("95 % from"), _("95 % to"),
    ]  # fmt: skip
    sheet = sheets.sheet(_("Result"), len(head))
    sheets.head(sheet, head)
    told = results.figures(user, campaign)
    for line in told.compared:
        sheets.row(sheet, _row(line))
    way: list[tuple[str, Any]] = [(line.words, line.count) for line in told.funnel]
    if spent := told.cost:
        way += [(_("Minutes of calls"), spent.minutes), (_("Messages sent"), spent.messages)]
        way += [(_("Cost (CNY)"), spent.total), (_("Cost for one who met the target (CNY)"), spent.each)]
    _pairs(sheets, _("How far it came"), way)
    _pairs(sheets, _("Left out because"), [(one.words, one.count) for one in told.left_out])
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
