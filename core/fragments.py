"""Pieces of a page as answers to htmx: swapped in whatever their status, and never kept by anybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers


def fragment(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A piece that static/js/requests.js swaps in though the status tells of a conflict or a limit."""
    response = render(request, template, context, status=status)
    response["X-Fragment"] = "1"
    add_never_cache_headers(response)
    return response
