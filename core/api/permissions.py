"""Closed by default: a view says which scope (systems) and which right (people) each method needs."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

ANY_CALLER = "*"


class ScopePermission(BasePermission):
    """Allows a method only when the view names it and the caller holds what is named there.

    `required_scopes` is for API clients, `required_rights` for people, both by method:
    {"GET": "clients:read"}. ANY_CALLER lets in whoever is known. What is not visible to the caller is the
    view's matter and answers 404.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        caller: Any = request.user  # a person or an API client
        if caller is None or not caller.is_authenticated:
            return False
        needed = requirement(view, request.method or "", api=caller.actor_kind == "api")
        if needed is None:
            return False
        if needed == ANY_CALLER:
            return True
        return needed in caller.scopes if caller.actor_kind == "api" else caller.may(needed)


def requirement(view: Any, method: str, *, api: bool) -> str | None:
    """The scope or right that the view demands for the method; None where the method is closed."""
    needs: dict[str, str] = getattr(view, "required_scopes" if api else "required_rights", {})
    return needs.get("GET" if method == "HEAD" else method)
