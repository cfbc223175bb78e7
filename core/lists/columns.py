"""A list's columns: what a cell shows, how it sorts, who sees it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import formats
from core.lists.markup import markup

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
SORT_ICONS = {"ascending": "arrow-up", "descending": "arrow-down", "": "chevrons-up-down"}
Writer = Callable[[Any], str]  # a row's part as HTML


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
        return SafeString(self.writer()(row))

    def writer(self) -> Writer:
        """What writes the cell's content as safe HTML: put together once a page, called once a row."""
        value, shape = self._reader(), self._shape()
        if self.link is None:
            return lambda row: shape(value(row))
        address = self.link
        return lambda row: f'<a class="cell-link" href="{escape(address(row))}">{shape(value(row))}</a>'

    def plain(self, row: Any) -> Any:
        """The cell's content for a file: numbers stay exact numbers, everything else is text; empty is ''."""
        value = self._reader()(row)
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

    def _reader(self) -> Callable[[Any], Any]:
        if callable(self.value):
            return self.value
        path = self.value or self.key
        return lambda row: follow(row, path)

    def _shape(self) -> Writer:
        """From the value to HTML."""
        if self.kind == "html":
            return markup
        if self.kind == "tier":
            from core.templatetags.ui import tier

            return cache(tier)
        write = SHOWN_AS[self.kind]
        if self.kind == "money_short":
            units = formats.short_units()
            return lambda value: formats.in_units(value, units)
        return write if self.kind in MADE_BY_US else lambda value: markup(write(value))


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

    def html(self, name: str, body: str) -> str:
        """As the table of the list `name` shows it, whose body has the id `body`."""
        css = f' class="{escape(self.column.css)}"' if self.column.css else ""
        state = f' aria-sort="{self.state}"' if self.state else ""
        shown = self._link(name, body) if self.url else markup(self.column.label)
        return f'<th scope="col"{css}{state}>{shown}</th>'

    def _link(self, name: str, body: str) -> str:
        from core.templatetags.ui import icon

        url, words = escape(self.url), markup(_("Sort by this column"))
        there = f'href="{url}" title="{words}" hx-get="{url}" hx-target="#{body}" hx-swap="outerHTML"'
        shown = f"{markup(self.column.label)}{icon(SORT_ICONS[self.state], 14)}"
        return f'<a id="sort-{name}-{self.column.key}" {there} hx-push-url="true">{shown}</a>'
