"""The organisation tree; administrators add teams and correct names, the rest comes with the feeds."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from staff import actions
from staff.access import PersonRequest, needs
from staff.forms import NewUnit, RenameUnit
from staff.models import Membership, Unit
from staff.tree import UnitTree


@require_GET
@needs("people.view")
def units(request: PersonRequest) -> HttpResponse:
    """The tree with how many people each unit has today."""
    today = Membership.objects.in_force(timezone.localdate()).values("pk")
    people = Count("memberships__person", filter=Q(memberships__in=today), distinct=True)
    rows = {
        unit.pk: unit
        for unit in Unit.objects.visible_to(request.user).select_related("successor").annotate(people=people)
    }
    tree = [(rows[node.id], depth) for node, depth in UnitTree.load().depths() if node.id in rows]
    return render(request, "staff/units.html", {"tree": tree})


@require_http_methods(["GET", "POST"])
@needs("people.manage")
def unit_new(request: PersonRequest) -> HttpResponse:
    form = NewUnit(request.POST or None, units=Unit.objects.visible_to(request.user))
    if request.method == "POST" and form.is_valid():
        unit = actions.create_unit(actor=request.user, **form.cleaned_data)
        messages.success(request, _("%(unit)s is in the tree now.") % {"unit": unit.name})
        return redirect("staff:units")
    return render(request, "staff/unit_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs("people.manage")
def unit_edit(request: PersonRequest, code: str) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), code=code)
    form = RenameUnit(request.POST or None, initial={"name": unit.name})
    if request.method == "POST" and form.is_valid():
        actions.rename_unit(actor=request.user, unit=unit, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("staff:units")
    return render(request, "staff/unit_form.html", {"form": form, "unit": unit})
