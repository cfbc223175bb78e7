"""Pages of saved views: the rail's piece, the menu over a list, and what the menu does."""

from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_POST

from core.errors import Conflict
from core.guards import listed_source, reader
from core.lists import saved
from core.lists.sources import ListSource
from core.models import SavedView
from core.toasts import toast, trigger

CHANGED = "views-changed"
LONGEST_QUERY = 4000


class ViewForm(forms.Form):
    """The name of a view, and the list's state as a query string."""

    name = forms.CharField(max_length=60, label=_lazy("Name of the view"))
    query = forms.CharField(max_length=LONGEST_QUERY, required=False, widget=forms.HiddenInput)
    shared = forms.BooleanField(required=False, label=_lazy("Share with everybody who may open the list"))


@require_GET
def rail(request: HttpRequest) -> HttpResponse:
    """The reader's views with live counts, loaded after the page."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    shown = saved.for_rail(reader(request))
    current = QueryDict(here.query).get("view", "")
    return render(request, "core/views_rail.html", {"views": shown, "current": current})


@require_GET
def menu(request: HttpRequest, name: str) -> HttpResponse:
    """What can be done with the views of a list; the query string is the list's present state."""
    source = listed_source(request, name)
    person = reader(request)
    params = request.GET.copy()
    opened = params.pop("view", [""])[-1]
    views = saved.in_order(saved.views_of(person).filter(list_name=name), person)
    found = next((view for view in views if str(view.pk) == opened), None)
    context = {
        "source": source,
        "views": [(view, saved.address(view)) for view in views],
        "opened": found,
        "is_own": found is not None and found.owner_id == person.pk,
        "query": params.urlencode(),
        "form": ViewForm(initial={"query": params.urlencode()}),
        "may_share": person.may(saved.SHARE),
    }
    return render(request, "core/views_menu.html", context)


@require_POST
def keep(request: HttpRequest, name: str) -> HttpResponse:
    """Keeps the list as it stands as a new view, and opens it."""
    source, form = listed_source(request, name), ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the view a name."))
        return _back(source, request.POST.get("query", ""))
    given = form.cleaned_data
    try:
        view = saved.keep(actor=reader(request), list_name=name, **given)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return _back(source, given["query"])
    messages.success(request, _("Kept as %(name)s.") % {"name": view.name})
    return redirect(saved.address(view))


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, what the list shows now, or whether it is shared."""
    view, person = _own(request, pk), reader(request)
    try:
        view = saved.change(
            actor=person,
            view=view,
            name=" ".join(request.POST.get("name", "").split())[:60],
            query=request.POST.get("query", "")[:LONGEST_QUERY] if "query" in request.POST else None,
        )
        if "share" in request.POST:
            saved.share(actor=person, view=view, shared=request.POST["share"] == "1")
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect(saved.address(view))


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a view away; for six seconds the toast offers to bring it back."""
    view = _own(request, pk)
    saved.remove(actor=reader(request), view=view)
    words = _("%(name)s is removed.") % {"name": view.name}
    return toast(_changed(), words, undo=reverse("views:restore", args=[view.pk]))


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, owner_id=reader(request).pk)
    saved.restore(actor=reader(request), view=view)
    return toast(_changed(), _("%(name)s is back.") % {"name": view.name})


@require_POST
def move_up(request: HttpRequest, pk: int) -> HttpResponse:
    saved.move_up(actor=reader(request), view=_own(request, pk))
    return _changed()


def _own(request: HttpRequest, pk: int) -> SavedView:
    """An own view; those of others, shared or not, are not there to be changed."""
    return get_object_or_404(saved.views_of(reader(request)), pk=pk, owner_id=reader(request).pk)


def _changed() -> HttpResponse:
    """Nothing to swap; the rail loads itself anew."""
    return trigger(HttpResponse(status=204), CHANGED)


def _back(source: ListSource, query: str) -> HttpResponse:
    return redirect(f"{source.path}?{query}")
