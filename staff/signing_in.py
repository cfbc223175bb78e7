"""The way in: a first step (password or company account), a second one where somebody has it, then a session.

Between the two nobody is signed in: who has taken the first step stands in the session for five minutes.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from core.addresses import client_address
from staff.models import Person
from staff.models.sign_in import FirstStep
from staff.queries import factors_of
from staff.sessions import SIGN_IN, kept_as

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF, HALF_LASTS = "half_signed_in", 300  # seconds
CONFIRMED, FRESH_FOR = "confirmed_at", 900  # seconds after which the account's own settings ask again
YEAR = 365 * 86400


@dataclass(frozen=True)
class Half:
    """Somebody who has taken the first step. `hashed` goes stale when the password changes meanwhile."""

    person_id: int
    hashed: str
    first: str
    next: str
    at: float


def first_step_taken(
    request: HttpRequest, person: Person, first: str, next_url: str, second: str = ""
) -> HttpResponse:
    """In, or on to the second step where the person has one and nobody has asked for it yet."""
    if second or not factors_of(person).any:
        return let_in(request, person, first, second, next_url)
    if request.user.is_authenticated:
        request.session.flush()
    request.session.cycle_key()
    half = Half(person.pk, person.get_session_auth_hash(), first, next_url, time.time())
    request.session[HALF] = asdict(half)
    return redirect("second_step")


def half_signed_in(request: HttpRequest) -> tuple[Person, Half] | None:
    """Who is on the way in: after the first step, or signed in by one step where the role asks for two."""
    if request.user.is_authenticated:
        came = request.session.get(SIGN_IN, {})
        person = request.user
        if came.get("second") or not factors_of(person).any:
            return None
        first = came.get("first") or FirstStep.PASSWORD.value
        return person, Half(person.pk, "", first, reverse("home"), time.time())
    kept = request.session.get(HALF)
    half = Half(**kept) if kept else None
    if half is None or not 0 <= time.time() - half.at <= HALF_LASTS:
        return None
    found = Person.objects.filter(pk=half.person_id, is_active=True).first()
    return (found, half) if found and found.get_session_auth_hash() == half.hashed else None


def let_in(request: HttpRequest, person: Person, first: str, second: str, next_url: str) -> HttpResponse:
    """A session of its own for the person, in the person's language and colours."""
    request.came_by = (first, second)  # type: ignore[attr-defined]  # staff.signals notes it
    login(request, person, backend=BACKEND)
    request.session.pop(HALF, None)
    confirm(request)
    response = redirect(next_url or settings.LOGIN_REDIRECT_URL)
    remember(request, response, settings.LANGUAGE_COOKIE_NAME, person.language)
    remember(request, response, "theme", person.theme)
    return response


def note_way(request: HttpRequest) -> tuple[str, str]:
    """Writes into the session how, when and from where the person came; returns the two steps."""
    first, second = getattr(request, "came_by", (FirstStep.PASSWORD.value, ""))
    request.session[SIGN_IN] = {
        "first": first,
        "second": second,
        "at": time.time(),
        "agent": request.META.get("HTTP_USER_AGENT", "")[:200],
        "address": client_address(request),
    }
    return first, second


def second_step_set_up(request: HttpRequest, second: str) -> None:
    """Whoever has just set up a second factor has proven it in this session."""
    request.session[SIGN_IN] = {**request.session.get(SIGN_IN, {}), "second": second}


def confirm(request: HttpRequest) -> None:
    request.session[CONFIRMED] = time.time()


def fresh(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorates pages that change how one signs in: they ask for the password again after a while.

    A session older than the second factor proves itself by that first: a password alone adds no other.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if half_signed_in(request):
            return redirect("second_step")
        if 0 <= time.time() - request.session.get(CONFIRMED, 0) <= FRESH_FOR:
            return view(request, *args, **kwargs)
        back = request.path if request.method == "GET" else reverse("sign_ins")
        return redirect(f"{reverse('confirm')}?{urlencode({'next': back})}")

    return guarded


def own_row(request: HttpRequest) -> str:
    """The key of this session's row."""
    return kept_as(request.session.session_key or "")


def own_address(request: HttpRequest, target: str) -> str:
    """The address when it lies on this site, otherwise ''."""
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if own else ""


def remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    """A cookie of a year."""
    response.set_cookie(name, value, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
