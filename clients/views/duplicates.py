"""Pages of possible duplicates."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.actions import duplicates as deeds
from clients.forms.merging import ReasonForm
from clients.lists.duplicates import DuplicateList
from clients.queries import duplicates as queries
from staff.access import PersonRequest, needs


@require_GET
@needs("clients.merge")
def duplicate_list(request: PersonRequest) -> HttpResponse:
    return DuplicateList(request, queries.open_pairs(request.user)).render("clients/duplicates.html")


@require_POST
@needs("clients.merge")
def find(request: PersonRequest) -> HttpResponse:
    """Looks for duplicates now, in the background."""
    deeds.start_search(actor=request.user)
    messages.success(request, _("Looking for duplicates; the tray above shows how far it is."))
    return redirect("clients:duplicates")


@require_POST
@needs("clients.merge")
def dismiss(request: PersonRequest, pk: int) -> HttpResponse:
    """The two are different clients."""
    pair = queries.open_pairs(request.user).filter(pk=pk).first()
    if pair is None:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say in a few words why they are different."))
        query = f"?left={pair.left.client_no}&right={pair.right.client_no}"
        return redirect(reverse("clients:merge_new") + query)
    deeds.dismiss(actor=request.user, pair=pair, reason=form.cleaned_data["reason"])
    messages.success(request, _("The pair is not shown again."))
    return redirect("clients:duplicates")
