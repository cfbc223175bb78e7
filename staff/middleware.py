"""What comes before any page: an own password, a second factor where the role asks for one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

ALWAYS = ("sign_out", "set_language", "set_theme")
# what must be done -> where it is done, and the pages that belong to it
FIRST = {
    "password_change_required": ("password_change", ("password_change",)),
    "second_factor_required": (
        "second_factor",
        ("second_factor", "second_step", "app_new", "passkey_new", "confirm"),
    ),
}


class SignInFirst:
    """Leads to what is missing; the API's own sign-in refuses such sessions itself.

    It also notes when the session was last used.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            request.session.note_seen()  # type: ignore[attr-defined]  # staff.sessions
        return response

    def process_view(self, request: HttpRequest, view: object, *_args: object) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        missing = request.user.held_up(request.session)
        if not missing:
            return None
        door, free = FIRST[missing]
        return None if request.path in {reverse(name) for name in (*ALWAYS, *free)} else redirect(door)
