"""Pages of joins: two records side by side, the proposal, its approval, and taking it apart."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.actions import merging as deeds
from clients.forms.merging import MergeForm, NoteForm, PairForm, ReasonForm
from clients.lists.duplicates import MergeList
from clients.models import Client, Merge
from clients.queries import duplicates, merging
from clients.queries.record import listed
from core.errors import Conflict
from staff.access import PersonRequest, View, needs

RIGHTS = ("clients.merge", "clients.merge_approve")


@require_GET
@needs("clients.view")
def merge_list(request: PersonRequest) -> HttpResponse:
    _needs_either(request)
    page = MergeList(request, merging.merges_of(request.user))
    return page.render("clients/merges.html", {"pair_form": PairForm()})


@require_http_methods(["GET", "POST"])
@needs("clients.merge")
def merge_new(request: PersonRequest) -> HttpResponse:
    """Two records (`left`, `right`) side by side with what would come together; POST proposes the join."""
    left, right = (_record(request, side) for side in ("left", "right"))
    form = MergeForm(left, right, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            merge = deeds.propose(actor=request.user, **form.terms())
        except Conflict as conflict:
            form.add_error(None, conflict.message)
        else:
            messages.success(request, _("Proposed. Somebody else with the right must approve it."))
            return redirect("clients:merge", merge.pk)
    context = {
        "form": form,
        "left": left,
        "right": right,
        "compared": merging.side_by_side(left, right, merging.COMPARED),
        "parts": merging.parts_of_both(left, right),
        "pair": duplicates.pair_of(request.user, left, right),
        "dismiss_form": ReasonForm(prefix=None, auto_id="dismiss_%s"),
        "crumbs": [
            (_("Clients"), reverse("clients:list")),
            (_("Possible duplicates"), _list_url()),
            (_("Compare"), ""),
        ],
    }
    return render(request, "clients/merge_new.html", context, status=422 if form.errors else 200)


@require_GET
@needs("clients.view")
def merge_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """One join: both records, what changes, who did what; with the deeds that are open to the reader."""
    _needs_either(request)
    merge = _merge(request, pk)
    own = merge.proposed_by_id == request.user.pk
    waiting = merge.state == Merge.State.PROPOSED
    context = {
        "merge": merge,
        "compared": merging.side_by_side(merge.survivor, merge.merged, merging.COMPARED),
        "changes": merging.results(merge),
        "moving": merging.dry_run(merge.merged),
        "may_approve": waiting and not own and request.user.may("clients.merge_approve"),
        "may_reject": waiting and (own or request.user.may("clients.merge_approve")),
        "may_undo": _may_undo(request, merge),
        "note_form": NoteForm(),
        "reason_form": ReasonForm(),
        "crumbs": [
            (_("Clients"), reverse("clients:list")),
            (_("Joined records"), reverse("clients:merges")),
            (f"{merge.survivor.client_no} ← {merge.merged.client_no}", ""),
        ],
    }
    return render(request, "clients/merge.html", context)


def _deed(right: str) -> Callable[[Callable[..., str]], View]:
    """A POST on a join that ends on its page, with the deed's words or the reason why it was refused."""

    def decorate(do: Callable[..., str]) -> View:
        @require_POST
        @needs(right)
        @wraps(do)
        def view(request: PersonRequest, pk: int) -> HttpResponse:
            merge = _merge(request, pk)
            try:
                messages.success(request, do(request, merge))
            except Conflict as conflict:
                messages.error(request, conflict.message)
            return redirect("clients:merge", pk)

        return view

    return decorate


@_deed("clients.merge_approve")
def approve(request: PersonRequest, merge: Merge) -> str:
    note = str(request.POST.get("note", ""))[:500]
    deeds.approve(actor=request.user, merge=merge, note=note)
    return _("Joined.")


@_deed("clients.view")
def reject(request: PersonRequest, merge: Merge) -> str:
    """By an approver, or by the proposer, who withdraws it."""
    if merge.proposed_by_id != request.user.pk and not request.user.may("clients.merge_approve"):
        raise PermissionDenied
    deeds.reject(actor=request.user, merge=merge, note=_reason(request))
    return _("The proposal was ended.")


@_deed("clients.merge")
def undo(request: PersonRequest, merge: Merge) -> str:
    deeds.take_apart(actor=request.user, merge=merge, reason=_reason(request))
    return _("Taken apart again; both records stand for themselves.")


def _reason(request: PersonRequest) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Conflict(_("Say why, in a few words."))
    return str(form.cleaned_data["reason"])


def _record(request: PersonRequest, side: str) -> Client:
    number = request.GET.get(side, "").strip()
    client = listed(request.user).filter(client_no=number).first()
    if client is None or not request.user.scope.identity:
        raise Http404
    return client


def _merge(request: PersonRequest, pk: int) -> Merge:
    found = merging.merges_of(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _may_undo(request: PersonRequest, merge: Merge) -> bool:
    by_people = merge.state == Merge.State.JOINED and not merge.automatic
    return by_people and request.user.may("clients.merge")


def _list_url() -> str:
    return reverse("clients:duplicates")


def _needs_either(request: PersonRequest) -> None:
    if not any(request.user.may(right) for right in RIGHTS):
        raise PermissionDenied
