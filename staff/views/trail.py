"""The audit trail, for compliance: read only."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from staff import queries
from staff.access import PersonRequest, needs
from staff.lists import AuditList


@require_GET
@needs("audit.view")
def audit_trail(request: PersonRequest) -> HttpResponse:
    return AuditList(request, queries.audit_entries(request.user)).render("staff/audit.html")
