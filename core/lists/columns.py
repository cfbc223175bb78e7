"""A list's columns: what a cell shows, how it sorts, who sees it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.html import conditional_escape, escape, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import formats

SHOWN_AS: dict[str, Callable[[Any], Any]] = {
    "text": lambda value: formats.DASH if value in (None, "") else value,
    "number": formats.number,
    "score": lambda value: formats.number(value, 2),
    "money": formats.money,
    "money_short": formats.money_short,
    "percent": formats.percent,
    "signed": formats.signed,
    "day": formats.day,
    "moment": formats.moment,
    "month": formats.month,
    "yes_no": formats.yes_no,
}
RIGHT_ALIGNED = frozenset({"number", "score", "money", "money_short", "percent", "signed"})
ONE_LINE = frozenset({"day", "moment", "month", "tier"})
MADE_BY_US = RIGHT_ALIGNED | {"day", "moment", "month"}  # figures and dates as formats write them: no markup


@dataclass(frozen=True)
class Column:
    """One column.

    value: attribute path with "__" (default: the key) or a function of the row.
    kind: how the value is written (SHOWN_AS), "tier", or "html" for a function that returns safe HTML.
    sort: ordering term of an ascending sort; '' when the column does not sort.
    descends: whether the first click sorts from the largest.
    link: function of the row that gives the address of the row's page.
    shown: in the default set. fixed: can't be left out. small: also shown on narrow screens.
    """

    key: str
    label: Any
    value: str | Callable[[Any], Any] = ""
    kind: str = "text"
    sort: str = ""
    descends: bool = False
    link: Callable[[Any], str] | None = None
    shown: bool = True
    fixed: bool = False
    small: bool = True
    css: str = field(init=False, default="")

    def __post_init__(self) -> None:
        classes = ["num"] if self.kind in RIGHT_ALIGNED else []
        classes += ["nowrap"] if self.kind in ONE_LINE else []
        classes += [] if self.small else ["hide-small"]
        object.__setattr__(self, "css", " ".join(classes))

    def cell(self, row: Any) -> SafeString:
        """The cell's content as safe HTML."""
        shown = self._shown(row)
        if self.link is None:
            return shown
        return SafeString(f'<a class="cell-link" href="{escape(self.link(row))}">{shown}</a>')

    def plain(self, row: Any) -> Any:
        """The cell's content for a file: numbers stay exact numbers, everything else is text; empty is ''."""
        value = self._value(row)
        if self.kind in RIGHT_ALIGNED:
            exact = formats.decimal(value)
            return "" if exact is None else exact
        if self.kind == "html":
            return unescape(strip_tags(str(value))).strip()
        text = str(self._tier_word(value) if self.kind == "tier" else SHOWN_AS[self.kind](value))
        return "" if text == formats.DASH else text

    @staticmethod
    def _tier_word(code: Any) -> str:
        from core.templatetags.ui import tier_names

        return str(tier_names().get(code, code or ""))

    def _value(self, row: Any) -> Any:
        return self.value(row) if callable(self.value) else follow(row, self.value or self.key)

    def _shown(self, row: Any) -> SafeString:
        value = self._value(row)
        if self.kind == "html":
            return conditional_escape(value)
        if self.kind == "tier":
            from core.templatetags.ui import tier

            return tier(value)
        text = SHOWN_AS[self.kind](value)
        return SafeString(text) if self.kind in MADE_BY_US else conditional_escape(text)


def follow(row: Any, path: str) -> Any:
    """The value at an attribute path of a row (model or dict); None where a relation is empty."""
    if isinstance(row, dict):
        return row.get(path)
    try:
        for part in path.split("__"):
            row = getattr(row, part) if row is not None else None
    except ObjectDoesNotExist:
        return None
    return row


@dataclass(frozen=True)
class Header:
    """A column's head: its sort link and state (aria-sort words, or '')."""

    column: Column
    url: str
    state: str

    @property
    def icon(self) -> str:
        return {"ascending": "arrow-up", "descending": "arrow-down"}.get(self.state, "chevrons-up-down")

    @property
    def hint(self) -> str:
        return _("Sort by this column")
