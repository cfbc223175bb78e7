"""Assembles the apps' pages and API; an app brings its own urls.py and api_urls.py."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from core.views import api_not_found


def _pages() -> list[URLResolver]:
    return [path("", include(f"{app}.urls")) for app in settings.HOUSE_APPS if find_spec(f"{app}.urls")]


def _api() -> list[URLResolver]:
    return [
        path("api/v1/", include(f"{app}.api_urls"))
        for app in settings.HOUSE_APPS
        if find_spec(f"{app}.api_urls")
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    *_pages(),
    *_api(),
    path("", include("crm.page_urls")),
    path("api/v1/", include("crm.api_urls")),
    re_path(r"^api/", api_not_found),
]
handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"
