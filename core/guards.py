"""What core's own pages ask before they answer; other apps ask with staff.access.needs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from core.lists.sources import ListSource
from core.registry import list_sources


def reader(request: HttpRequest) -> Any:
    """Who asks; the middleware lets nobody in who has not signed in."""
    return request.user


def demand(request: HttpRequest, right: str) -> None:
    """403 without the right."""
    if not reader(request).may(right):
        raise PermissionDenied


def listed_source(request: HttpRequest, name: str) -> ListSource:
    """The list of this name: 404 where there is none, 403 for those who may not open it."""
    source = list_sources().get(name)
    if source is None:
        raise Http404
    demand(request, source.right)
    return source
