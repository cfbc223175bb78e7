"""My sign-ins: the own second factor, and where one is signed in."""

import base64
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import crypto
from core.errors import Conflict
from staff import actions, passkeys, signing_in, totp
from staff.access import PersonRequest
from staff.actions import second_factor
from staff.devices import device_words
from staff.forms import FirstCode, PasskeyName
from staff.models import Passkey, Session
from staff.models.sign_in import SecondStep
from staff.queries import factors_of
from staff.sessions import SIGN_IN

NEW_KEY = "new_app_key"  # in the session, sealed, until its first code has come


@require_GET
def sign_ins(request: PersonRequest) -> HttpResponse:
    """What protects the sign-in, and every place where it is open."""
    person = request.user
    context = {
        "factors": factors_of(person),
        "needed": person.access.needs_second_factor,
        "asked_of": settings.SECOND_FACTOR_ROLES,
        "sessions": Session.objects.visible_to(person).open(),
        "here": signing_in.own_row(request),
        "passkeys_possible": passkeys.possible(request),
        "has_password": settings.LOCAL_PASSWORD,
    }
    return render(request, "staff/sign_ins.html", context)


@require_POST
def end_one(request: PersonRequest, key: str) -> HttpResponse:
    own = Session.objects.visible_to(request.user).open().exclude(pk=signing_in.own_row(request))
    actions.end_session(person=request.user, session=get_object_or_404(own, pk=key))
    messages.success(request, _("Signed out there."))
    return redirect("sign_ins")


@require_POST
def end_others(request: PersonRequest) -> HttpResponse:
    ended = actions.end_other_sessions(person=request.user, keep=signing_in.own_row(request))
    words = ngettext("%(count)s other sign-in has ended.", "%(count)s other sign-ins have ended.", ended)
    messages.success(request, words % {"count": ended})
    return redirect("sign_ins")


@require_GET
def second_factor_first(request: PersonRequest) -> HttpResponse:
    """Where somebody is led whose role asks for a second factor: choose one, or prove the one there is."""
    if request.user.held_up(request.session) != "second_factor_required":
        return redirect("sign_ins")
    if factors_of(request.user).any:
        return redirect("second_step")
    possible = passkeys.possible(request)
    return render(request, "staff/second_factor.html", {"passkeys_possible": possible})


@sensitive_variables("key", "codes")
@never_cache
@require_http_methods(["GET", "POST"])
@signing_in.fresh
def app_new(request: PersonRequest) -> HttpResponse:
    """A QR code to scan, and the first code of the app to prove that it was."""
    person = request.user
    if factors_of(person).app:
        return redirect("sign_ins")
    key, form = _new_key(request), FirstCode(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.add_app(person=person, key=key, code=form.cleaned_data["code"])
        if codes is not None:
            del request.session[NEW_KEY]
            return _set_up(request, SecondStep.APP.value, codes)
        form.add_error("code", _("This code does not fit. Is the phone's clock right?"))
    address = totp.address(key, person.username, _("Client service"))
    context = {"form": form, "picture": totp.picture(address), "spelled": totp.spelled(key)}
    return render(request, "staff/app_new.html", context)


@require_POST
@signing_in.fresh
def app_remove(request: PersonRequest) -> HttpResponse:
    return _removed(request, lambda: second_factor.remove_app(person=request.user))


@never_cache
@require_http_methods(["GET", "POST"])
@signing_in.fresh
def passkey_new(request: PersonRequest) -> HttpResponse:
    """The browser makes a passkey; its name is for the list."""
    form, person = PasskeyName(request.POST or None, initial={"name": _default_name(request)}), request.user
    if request.method == "POST" and form.is_valid():
        try:
            credential, count = passkeys.made(request, form.cleaned_data["answer"])
            codes = second_factor.add_passkey(
                person=person, name=form.cleaned_data["name"], credential=credential, sign_count=count
            )
            return _set_up(request, SecondStep.PASSKEY.value, codes)
        except (passkeys.NotProven, Conflict):
            form.add_error(None, _("The passkey did not hold, or is known already. Try again."))
    possible = passkeys.possible(request)
    asked = passkeys.ask_for_new(request, person, factors_of(person).passkeys) if possible else ""
    return render(request, "staff/passkey_new.html", {"form": form, "asked": asked})


@require_POST
@signing_in.fresh
def passkey_remove(request: PersonRequest, pk: int) -> HttpResponse:
    passkey = get_object_or_404(Passkey, pk=pk, person=request.user)
    return _removed(request, lambda: second_factor.remove_passkey(person=request.user, passkey=passkey))


@sensitive_variables("codes")
@never_cache
@require_POST
@signing_in.fresh
def recovery_codes(request: PersonRequest) -> HttpResponse:
    """New recovery codes, shown this once."""
    codes = second_factor.renew_recovery_codes(person=request.user)
    return render(request, "staff/recovery_codes.html", {"codes": codes})


def _set_up(request: PersonRequest, second: str, codes: list[str]) -> HttpResponse:
    """On with a word of success; the first factor's recovery codes are shown before."""
    signing_in.second_step_set_up(request, second)
    if codes:
        return render(request, "staff/recovery_codes.html", {"codes": codes, "first": True})
    messages.success(request, _("It is asked for from the next sign-in on."))
    return redirect("sign_ins")


def _removed(request: PersonRequest, deed: Any) -> HttpResponse:
    try:
        deed()
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Removed."))
    return redirect("sign_ins")


def _new_key(request: PersonRequest) -> bytes:
    """The key on offer: the same until it is taken, so that a page loaded again shows what was scanned."""
    context = f"new-app:{request.user.pk}"
    if kept := request.session.get(NEW_KEY):
        return crypto.unseal_bytes(base64.b64decode(kept), context)
    key = totp.new_key()
    request.session[NEW_KEY] = base64.b64encode(crypto.seal_bytes(key, context)).decode()
    return key


def _default_name(request: PersonRequest) -> str:
    return device_words(request.session.get(SIGN_IN, {}).get("agent", ""))
