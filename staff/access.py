"""Guards of pages. Visible but not allowed is 403; what is not visible is the view's matter: 404."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

if TYPE_CHECKING:
    from staff.models import Person

View = Callable[..., HttpResponseBase]


class PersonRequest(HttpRequest):
    """The request that views take: the middleware lets nobody in who has not signed in."""

    user: "Person"


def needs(right: str) -> Callable[[View], View]:
    """Decorates a view: signed-in people without this right get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.may(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.needs_right = right  # type: ignore[attr-defined]
        return guarded

    return decorate
