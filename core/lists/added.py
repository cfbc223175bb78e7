"""Filters that other apps add to a list (Module.list_filters)."""

from functools import cache
from typing import Any

from core.registry import list_filters


@cache
def with_added(name: str, filterset: Any) -> Any:
    """The list's filters and those that modules added to a list of this name."""
    added = {one.name: one.make() for one in list_filters(name)}
    return type(f"Added{filterset.__name__}", (filterset,), added) if added else filterset


@cache
def folded(name: str) -> frozenset[str]:
    """Which of the added filters stand behind "More filters"."""
    return frozenset(one.name for one in list_filters(name) if one.folded)
