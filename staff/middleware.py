"""Whoever got a password from somebody else chooses an own one before anything else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

FREE = ("password_change", "sign_out", "set_language", "set_theme")


class OwnPasswordFirst:
    """Leads pages to the password form; the API's own sign-in refuses such sessions itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_args: object) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if not request.user.must_change_password or request.path in {reverse(name) for name in FREE}:
            return None
        return redirect("password_change")
