"""To the firm's own identity provider and back."""

import logging
from dataclasses import asdict

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core import rates
from core.addresses import client_address
from staff import actions, provider, queries, signing_in
from staff.models.sign_in import FirstStep, SecondStep

log = logging.getLogger(__name__)
ATTEMPT = "provider_attempt"
REQUESTS_A_MINUTE = 60


@login_not_required
@never_cache
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """Off to the provider; whoever is signed in goes there to prove it once more."""
    _demand_provider()
    target = signing_in.own_address(request, request.GET.get("next", ""))
    attempt = provider.Attempt.begin(target, again=request.user.is_authenticated)
    try:
        door = provider.door(attempt, _back(request))
    except (provider.Away, provider.Untrue) as trouble:
        log.error("identity provider: %s", trouble)
        return _refused(
            request, _("The company account cannot be reached just now. Try again in a minute."), 503
        )
    request.session[ATTEMPT] = asdict(attempt)
    return redirect(door)


@login_not_required
@never_cache
@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Back with an answer, which is good for one try."""
    _demand_provider()
    if rates.count(f"provider:{client_address(request)}", REQUESTS_A_MINUTE).exceeded:
        return _refused(request, _("Too many tries. Wait a minute."), 429)
    kept = request.session.pop(ATTEMPT, None)
    if kept is None:
        return redirect("sign_in")
    attempt = provider.Attempt(**kept)
    try:
        told = provider.answered(attempt, _back(request), request.GET.dict())
    except provider.Away as trouble:
        log.error("identity provider: %s", trouble)
        return _refused(
            request, _("The company account cannot be reached just now. Try again in a minute."), 503
        )
    except provider.Untrue as trouble:
        log.warning("identity provider: refused, %s", trouble)
        actions.note_refused_sign_in(name="", why=str(trouble), address=client_address(request))
        return _refused(request, _("The sign-in with the company account did not hold. Start again."), 403)
    return _let_in(request, told, attempt.next)


def _let_in(request: HttpRequest, told: provider.Told, target: str) -> HttpResponse:
    """Only people who exist and are active; the second step follows unless the provider asked for one."""
    person = queries.person_of_provider(told.name)
    if person is None:
        actions.note_refused_sign_in(name=told.name, why="unknown", address=client_address(request))
        words = _(
            "Your company account is fine, but nobody of this name may sign in here. Ask an administrator."
        )
        return _refused(request, words, 403)
    second = SecondStep.PROVIDER.value if told.multi_factor else ""
    return signing_in.first_step_taken(request, person, FirstStep.PROVIDER.value, target, second)


def _refused(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return render(request, "registration/not_let_in.html", {"words": words}, status=status)


def _demand_provider() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404


def _back(request: HttpRequest) -> str:
    """The address that is registered with the provider."""
    return request.build_absolute_uri(reverse("provider_back"))
