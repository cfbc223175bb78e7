"""A client analysis report as a file."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from core.sheets import XLSX
from kpis.exports.reports import report_pdf, report_xlsx
from kpis.queries import reports
from staff.access import PersonRequest, needs


@require_GET
@needs("reports.view")
def report_as_xlsx(request: PersonRequest, period: str) -> HttpResponse:
    return _file(report_xlsx(reports.in_sight(request.user, period)), XLSX, f"client-analysis-{period}.xlsx")


@require_GET
@needs("reports.view")
def report_as_pdf(request: PersonRequest, period: str) -> HttpResponse:
    made = report_pdf(reports.in_sight(request.user, period))
    return _file(made, "application/pdf", f"client-analysis-{period}.pdf")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
