"""Assembles the apps' pages and API; an app brings its own urls.py and api_urls.py."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path


def _pages() -> list[URLResolver]:
    return [path("", include(f"{app}.urls")) for app in settings.HOUSE_APPS if find_spec(f"{app}.urls")]


def _api() -> list[URLResolver]:
    return [
        path("api/v1/", include(f"{app}.api_urls")) for app in settings.HOUSE_APPS if find_spec(f"{app}.api_urls")
    ]


urlpatterns: list[URLPattern | URLResolver] = [*_pages(), *_api()]
