"""People and their roles, for administrators; others with the right may look."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from staff import actions, queries
from staff.access import PersonRequest, needs
from staff.actions import second_factor
from staff.forms import EditPerson, EndRole, NewPerson, NewRole, Reason
from staff.lists import PeopleList
from staff.models import Person, Unit


@require_GET
@needs("people.view")
def people(request: PersonRequest) -> HttpResponse:
    return PeopleList(request, queries.people_listed(request.user)).render("staff/people.html")


@require_GET
@needs("people.view")
def person(request: PersonRequest, person_id: int) -> HttpResponse:
    """One person: data, roles over time, and the forms for whoever may change them."""
    shown = _visible(request, person_id)
    return _page(request, shown)


@sensitive_variables("password")
@require_http_methods(["GET", "POST"])
@needs("people.manage")
def person_new(request: PersonRequest) -> HttpResponse:
    form = NewPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, password = actions.create_person(actor=request.user, **form.cleaned_data)
        return _page(request, made, password=password)
    return render(request, "staff/person_new.html", {"form": form})


@require_POST
@needs("people.manage")
def person_edit(request: PersonRequest, person_id: int) -> HttpResponse:
    shown, form = _visible(request, person_id), EditPerson(request.POST)
    if not form.is_valid():
        return _page(request, shown, edit=form, status=422)
    return _done(
        request, shown, lambda: actions.edit_person(actor=request.user, person=shown, **form.cleaned_data)
    )


@require_POST
@needs("people.manage")
def role_new(request: PersonRequest, person_id: int) -> HttpResponse:
    shown, form = _visible(request, person_id), NewRole(request.POST, units=_units(request))
    if not form.is_valid():
        return _page(request, shown, role=form, status=422)
    return _done(
        request, shown, lambda: actions.give_role(actor=request.user, person=shown, **form.cleaned_data)
    )


@require_POST
@needs("people.manage")
def role_end(request: PersonRequest, person_id: int, membership_id: int) -> HttpResponse:
    shown, form = _visible(request, person_id), EndRole(request.POST)
    held = get_object_or_404(shown.memberships.select_related("unit"), pk=membership_id)
    day: date = form.cleaned_data["to_date"] if form.is_valid() else timezone.localdate()
    return _done(request, shown, lambda: actions.end_role(actor=request.user, membership=held, to_date=day))


@sensitive_variables("password")
@require_POST
@needs("people.manage")
def password_reset(request: PersonRequest, person_id: int) -> HttpResponse:
    """Shows the new password once; it must be changed at the next sign-in."""
    shown = _visible(request, person_id)
    password = actions.reset_password(actor=request.user, person=shown)
    return _page(request, shown, password=password)


@require_POST
@needs("people.manage")
def second_factor_reset(request: PersonRequest, person_id: int) -> HttpResponse:
    """For somebody who lost phone and passkey; says why."""
    shown, form = _visible(request, person_id), Reason(request.POST)
    if not form.is_valid():
        return _page(request, shown, why=form, status=422)
    reason = form.cleaned_data["reason"]
    return _done(
        request,
        shown,
        lambda: second_factor.reset_second_factor(actor=request.user, person=shown, reason=reason),
    )


@require_POST
@needs("people.manage")
def sign_ins_end(request: PersonRequest, person_id: int) -> HttpResponse:
    shown = _visible(request, person_id)
    return _done(request, shown, lambda: actions.end_sessions_of(actor=request.user, person=shown))


def _visible(request: PersonRequest, person_id: int) -> Person:
    return get_object_or_404(Person.objects.visible_to(request.user), pk=person_id)


def _units(request: PersonRequest) -> Any:
    return Unit.objects.visible_to(request.user)


def _done(request: PersonRequest, shown: Person, deed: Any) -> HttpResponse:
    """Does the deed and goes back to the person's page, with a word of success or why not."""
    try:
        deed()
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("staff:person", shown.pk)


def _page(
    request: PersonRequest,
    shown: Person,
    *,
    edit: Any = None,
    role: Any = None,
    why: Any = None,
    password: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "person": shown,
        "memberships": shown.memberships.select_related("unit").order_by("-from_date", "pk"),
        "today": timezone.localdate(),
        "password": password,
    }
    if request.user.may("people.manage"):
        initial = {"name": shown.name, "email": shown.email, "is_active": shown.is_active}
        context["edit"] = edit or EditPerson(initial=initial)
        context["role"] = role or NewRole(units=_units(request))
        context["why"] = why or Reason()
        context["factors"] = queries.factors_of(shown)
        context["needed"] = shown.access.needs_second_factor
        context["sessions"] = queries.open_sessions(shown)
    return render(request, "staff/person.html", context, status=status)
