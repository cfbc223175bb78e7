"""Signing in and out, the own password, language and colours."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from staff import actions
from staff.access import PersonRequest
from staff.forms import OwnPassword
from staff.models import Person
from staff.models.sign_in import FirstStep
from staff.signing_in import first_step_taken, own_address, own_row, remember

THEMES = ("auto", "light", "dark")


class SignIn(LoginView):
    """Name and password, the first step; too many failures lock the pair of name and address for a while."""

    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        person: Person = form.get_user()
        return first_step_taken(self.request, person, FirstStep.PASSWORD.value, self.get_success_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refused where only the company account lets in."""
        if not settings.LOCAL_PASSWORD:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ways = {"by_password": settings.LOCAL_PASSWORD, "by_provider": bool(settings.OIDC_ISSUER)}
        return {**super().get_context_data(**kwargs), **ways}


class SignOut(LogoutView):
    http_method_names = ("post", "options")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: PersonRequest) -> HttpResponse:
    """The own password; all other sessions of the person end."""
    if not settings.LOCAL_PASSWORD:
        raise PermissionDenied
    person = request.user
    form = OwnPassword(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(person=person, password=form.cleaned_data["new"], keep=own_row(request))
        update_session_auth_hash(request, person)
        messages.success(request, _("Your password is changed."))
        return redirect("home")
    return render(request, "staff/password.html", {"form": form, "forced": person.must_change_password})


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Chinese or English, remembered in a cookie and, for people signed in, with the person."""
    language = request.POST.get("language", "")
    response = _back(request)
    if language in dict(settings.LANGUAGES):
        remember(request, response, settings.LANGUAGE_COOKIE_NAME, language)
        if request.user.is_authenticated:
            actions.prefer(person=request.user, language=language)
    return response


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the system; remembered like the language."""
    theme = request.POST.get("theme", "")
    response = HttpResponse(status=204) if getattr(request, "htmx", False) else _back(request)
    if theme in THEMES:
        remember(request, response, "theme", theme)
        if request.user.is_authenticated:
            actions.prefer(person=request.user, theme=theme)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the person came from, never to another site."""
    return redirect(own_address(request, request.POST.get("next", "")) or "home")
