"""Files of a case: brought, and opened."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.actions.files import add_files, note_opened
from cases.forms.deeds import FilesForm
from cases.queries.files import clean_file
from cases.views.cases import visible_case
from core.errors import Refusal
from core.files.forms import uploads
from core.files.serving import download
from staff.access import PersonRequest, needs


@require_POST
@needs("cases.work")
def add(request: PersonRequest, pk: int) -> HttpResponse:
    case, form = visible_case(request, pk), FilesForm(request.POST, request.FILES)
    form.is_valid()
    try:
        add_files(actor=request.user, case=case, uploads=uploads(form))
        messages.success(request, _("Saved."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{case.get_absolute_url()}#files")


@require_GET
@needs("cases.view")
def file(request: PersonRequest, pk: int, key: UUID) -> HttpResponse:
    """A file that passed the scan, to be saved; that it was opened is on record."""
    found = clean_file(request.user, pk, key)
    if found is None:
        raise Http404
    answer = download(found)
    note_opened(actor=request.user, file=found)
    return answer
