"""Pages of the firm's exclusion list."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from outreach.actions.exclusions import put_on
from outreach.forms.exclusions import ExclusionForm
from outreach.lists.exclusions import ExclusionList
from outreach.queries import exclusions as queries
from outreach.views.session import add_errors
from staff.access import PersonRequest, needs


@require_GET
@needs("campaigns.view")
def exclusion_list(request: PersonRequest) -> HttpResponse:
    page = ExclusionList(request, queries.listed(request.user))
    may_write = request.user.may("campaigns.exclude")
    return page.render("outreach/exclusions/list.html", {"may_write": may_write})


@require_http_methods(["GET", "POST"])
@needs("campaigns.exclude")
def exclusion_new(request: PersonRequest) -> HttpResponse:
    """Puts clients on the list by their numbers."""
    form = ExclusionForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        ids = told.pop("numbers")
        try:
            added = put_on(actor=request.user, client_ids=ids, **told)
        except ValidationError as error:
            add_errors(form, error)
        else:
            words = _("%(added)s put on the list, %(there)s stood on it already.")
            messages.success(request, words % {"added": len(added), "there": len(ids) - len(added)})
            return redirect("campaigns:exclusions")
    status = 422 if request.method == "POST" else 200
    return render(request, "outreach/exclusions/form.html", {"form": form}, status=status)
