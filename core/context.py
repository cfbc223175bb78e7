"""What the page shell needs on every page."""

from typing import Any

from django.http import HttpRequest

from core.registry import MenuEntry, menu_entries
from core.runs import last_finished


def shell(request: HttpRequest) -> dict[str, Any]:
    """Menu by section and the date that figures stand on; nothing for strangers."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"theme": request.COOKIES.get("theme", "auto")}
    run = last_finished()
    return {
        "theme": request.COOKIES.get("theme", "auto"),
        "menu": _menu(user),
        "figures_as_of": run.as_of if run else None,
    }


def _menu(user: Any) -> list[tuple[str, list[MenuEntry]]]:
    sections: dict[str, list[MenuEntry]] = {"work": [], "analysis": [], "system": []}
    for entry in menu_entries():
        if not entry.right or user.may(entry.right):
            sections.setdefault(entry.section, []).append(entry)
    return [(name, entries) for name, entries in sections.items() if entries]
