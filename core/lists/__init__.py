"""List pages: see docs/ui.md."""

from core.lists.columns import Column
from core.lists.filters import ListFilters, NamedChoiceFilter
from core.lists.page import ListPage
from core.lists.sources import ListSource

__all__ = ["Column", "ListFilters", "ListPage", "ListSource", "NamedChoiceFilter"]
