"""The second step of signing in, and asking once more who somebody is."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.errors import Conflict
from staff import passkeys, signing_in
from staff.access import PersonRequest
from staff.actions import second_factor as actions
from staff.forms import PresentPassword
from staff.models import Person
from staff.models.sign_in import FirstStep, SecondStep
from staff.queries import Factors, factors_of
from staff.sessions import SIGN_IN


@sensitive_post_parameters()
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The app's code, a passkey or a recovery code; wrong ones count as failed sign-ins do."""
    found = signing_in.half_signed_in(request)
    if found is None:
        return redirect("home" if request.user.is_authenticated else "sign_in")
    person, half = found
    factors = factors_of(person)
    if request.method != "POST":
        return _page(request, person, factors)
    try:
        second = _proven(request, person, factors)
    except Conflict as refusal:
        return render(request, "registration/locked_out.html", {"words": refusal.message}, status=429)
    if second:
        return signing_in.let_in(request, person, half.first, second, half.next)
    user_login_failed.send(__name__, credentials={"username": person.username}, request=request)
    return _page(
        request, person, factors, wrong=_("This did not fit. A code is good once and for half a minute.")
    )


def _proven(request: HttpRequest, person: Person, factors: Factors) -> str:
    """What the person proved themselves with; empty when it did not hold."""
    if answer := request.POST.get("passkey", ""):
        try:
            passkey, sign_count = passkeys.proven(request, answer, factors.passkeys)
        except passkeys.NotProven:
            actions.note_failed_passkey(person=person)
            return ""
        held = actions.use_passkey(person=person, passkey=passkey, sign_count=sign_count)
        return SecondStep.PASSKEY.value if held else ""
    return actions.use_code(person=person, code=request.POST.get("code", "")[:40])


def _page(request: HttpRequest, person: Person, factors: Factors, wrong: str = "") -> HttpResponse:
    context: dict[str, Any] = {"person": person, "factors": factors, "wrong": wrong}
    if factors.passkeys and passkeys.possible(request):
        context["asked"] = passkeys.ask_for_known(request, factors.passkeys)
    return render(request, "registration/second_step.html", context)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: PersonRequest) -> HttpResponse:
    """The password again before the own way in is changed; a company account is signed in to again."""
    target = signing_in.own_address(request, request.GET.get("next", "")) or "sign_ins"
    by_provider = request.session.get(SIGN_IN, {}).get("first") == FirstStep.PROVIDER
    if by_provider or not settings.LOCAL_PASSWORD:
        return render(request, "registration/confirm.html", {"target": target})
    form = PresentPassword(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        signing_in.confirm(request)
        return redirect(target)
    return render(request, "registration/confirm.html", {"form": form, "target": target})
