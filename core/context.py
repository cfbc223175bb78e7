"""What the page shell needs on every page."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.models import Run
from core.registry import menu_entries
from core.runs import last_finished

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class MenuLine:
    """One link of the rail; `current` is "page" on the page itself, "true" on pages below it, or ''."""

    title: str
    url: str
    icon: str
    current: str


@dataclass(frozen=True)
class MenuSection:
    title: str
    is_first: bool
    entries: tuple[MenuLine, ...]


def figures_run(request: HttpRequest) -> Run | None:
    """The run that the figures of this page stand on; asked for once a request."""
    if not hasattr(request, "figures_run"):
        request.figures_run = last_finished()  # type: ignore[attr-defined]
    return request.figures_run  # type: ignore[attr-defined]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Menu by section, how the page looks, and the date that figures stand on; strangers get only looks."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return _looks(request)
    run = figures_run(request)
    return {
        **_looks(request),
        "menu": _menu(user, request.path),
        "figures_as_of": run.as_of if run else None,
        "may_work_desk": user.may("desk.work"),
        "may_work_tasks": user.may("tasks.work"),
        "person_line": getattr(user, "role_line", ""),
        "own_password": settings.LOCAL_PASSWORD,
    }


def _looks(request: HttpRequest) -> dict[str, Any]:
    """Theme, row height and which colour means up, all remembered in cookies."""
    densities = {"compact": _("Compact"), "normal": pgettext("row height", "Normal"), "roomy": _("Roomy")}
    theme, density = request.COOKIES.get("theme", ""), request.COOKIES.get("density", "")
    english = (get_language() or "").startswith("en")
    return {
        "theme": theme if theme in THEMES else "auto",
        "density": density if density in densities else "normal",
        "densities": list(densities.items()),
        "rise": "green" if english and getattr(settings, "GREEN_RISES_IN_ENGLISH", True) else "red",
    }


def _menu(user: Any, path: str) -> tuple[MenuSection, ...]:
    titles = {"work": pgettext("menu", "Work"), "analysis": _("Analysis"), "system": _("System")}
    open_to = [entry for entry in menu_entries() if not entry.right or user.may(entry.right)]
    addressed = [
        (entry, url) for entry in open_to if (url := _address(entry.url_name, settings.ROOT_URLCONF))
    ]
    here = _nearest([url for _entry, url in addressed], path)
    lines: dict[str, list[MenuLine]] = {section: [] for section in titles}
    for entry, url in addressed:
        current = "" if url != here else "page" if url == path else "true"
        line = MenuLine(_(entry.title), url, entry.icon, current)
        lines.setdefault(entry.section, []).append(line)
    filled = [(section, entries) for section, entries in lines.items() if entries]
    return tuple(
        MenuSection(titles.get(section, section), position == 0, tuple(entries))
        for position, (section, entries) in enumerate(filled)
    )


@cache
def _address(url_name: str, _urls: str) -> str:
    """Where the entry leads; '' where its page is not installed (a test finds that)."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _nearest(urls: list[str], path: str) -> str:
    """The one address that the path is at or closest below: /a/b/ rather than /a/ for /a/b/1/."""
    above = [url for url in urls if url == path or (url != "/" and path.startswith(url))]
    return max(above, key=len, default="")
