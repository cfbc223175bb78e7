"""A client analysis report as a file."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from core.sheets import XLSX
from kpis.exports.reports import file_name, report_pdf, report_xlsx
from kpis.models import Report
from kpis.queries import reports
from kpis.views.reports import number_in
from staff.access import PersonRequest, needs


@require_GET
@needs("reports.view")
def report_as_xlsx(request: PersonRequest, period: str) -> HttpResponse:
    held = _asked(request, period)
    return _file(report_xlsx(held), XLSX, file_name(held, "xlsx"))


@require_GET
@needs("reports.view")
def report_as_pdf(request: PersonRequest, period: str) -> HttpResponse:
    held = _asked(request, period)
    return _file(report_pdf(held), "application/pdf", file_name(held, "pdf"))


def _asked(request: PersonRequest, period: str) -> Report:
    return reports.in_sight(request.user, period, number_in(request.GET, "number"))


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
