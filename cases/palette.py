"""Cases in the search box: by number or subject."""

from typing import Any

from cases.filters import NUMBER
from cases.queries.listed import cases_of
from core.registry import Found

MOST = 6


def find_cases(reader: Any, typed: str) -> list[Found]:
    """By the number; by words only among those that are open."""
    words = typed.strip()
    if not words:
        return []
    number = NUMBER.fullmatch(words)
    rows = cases_of(reader)
    found = rows.filter(pk=int(number[1])) if number else rows.unfinished().filter(subject__icontains=words)
    return [
        Found(case.get_absolute_url(), "briefcase", f"{case.number} {case.subject}", case.get_state_display())
        for case in found.order_by("-opened_at", "-id")[:MOST]
    ]
