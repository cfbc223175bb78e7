"""Complaints: the list, the register for the regulator, and the evidence pack of one."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.actions import evidence, register
from cases.lists.cases import ComplaintList
from cases.queries.listed import complaints_of
from cases.queries.register import may_register
from cases.views.cases import visible_case
from core.sheets import XLSX
from staff.access import PersonRequest, needs


@require_GET
@needs("complaints.view")
def complaint_list(request: PersonRequest) -> HttpResponse:
    context = {"may_register": may_register(request.user), "today": timezone.localdate()}
    return ComplaintList(request, complaints_of(request.user)).render("cases/complaints.html", context)


@require_POST
@needs("complaints.register")
def register_file(request: PersonRequest) -> HttpResponse:
    """The register of some days as XLSX; for those who keep it for the whole firm."""
    if not may_register(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    first = _day(request.POST.get("first") or today.replace(month=1, day=1).isoformat())
    last = _day(request.POST.get("last") or today.isoformat())
    content = register.make(actor=request.user, first=first, last=last)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="complaints-{first}-{last}.xlsx"'
    return response


@require_POST
@needs("cases.view")
def pack(request: PersonRequest, pk: int) -> HttpResponse:
    """The evidence pack as PDF; making it is audited."""
    case = visible_case(request, pk)
    if not case.is_complaint:
        raise Http404
    made = evidence.make(actor=request.user, case=case)
    response = HttpResponse(made.content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{case.number}-{made.sha256[:8]}.pdf"'
    return response


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
